/**
 * Runs one slot of a round over the data, and copies the function's outputs to the rows of the
 * examples. The result depends on (seed, round, slot) only.
 */
import {
  parametersOffset,
  slotSums,
  tensorView,
  type Arena,
  type SlotTask,
} from '@lockstep/collective';
import type { BatchSource } from '@lockstep/data';
import type { BoundExecutable, Executable } from '@lockstep/engine';
import type { StepPlan } from '../config/microBatches.ts';
import { slotMicroBatches } from '../plan/slotMicroBatches.ts';
import { elementCount } from '../run/namedTensor.ts';

export interface RowRunnerOptions {
  readonly arena: Arena;
  readonly executable: Executable;
  readonly source: BatchSource;
  readonly plan: StepPlan;
  /** Row i lies at i modulo this. */
  readonly pieceRows: number;
  /** By the name of the function's output. [pieceRows * its size] */
  readonly rows: Readonly<Record<string, Float32Array>>;
}

export class RowRunner {
  readonly #options: RowRunnerOptions;
  /** Of one micro-batch, by the executable's names. */
  readonly #outputs: Readonly<Record<string, Float32Array>>;
  readonly #bound = new Map<number, BoundExecutable>();

  constructor(options: RowRunnerOptions) {
    this.#options = options;
    this.#outputs = Object.fromEntries(
      Object.entries(options.executable.outputs).map(([name, { shape }]) => [
        name,
        new Float32Array(elementCount(shape)),
      ]),
    );
  }

  async run(task: SlotTask): Promise<void> {
    const { arena, source, plan } = this.#options;
    const sums = slotSums(arena, task.target).fill(0);
    for (const range of slotMicroBatches(plan, task)) {
      source.fill(range);
      await this.#bind(parametersOffset(arena, task.parities[0] ?? 0)).run();
      this.#keep(range.start, range.count);
      sums[0] = (sums[0] ?? 0) + range.count;
    }
  }

  dispose(): Promise<void> {
    return this.#options.executable.dispose();
  }

  #keep(start: number, count: number): void {
    const { rows, plan, pieceRows } = this.#options;
    for (const [name, target] of Object.entries(rows)) {
      const output = this.#outputs[`output/${name}`];
      if (!output) throw new Error(`the executable has no output ${name}`);
      const size = output.length / plan.microBatch;
      target.set(output.subarray(0, count * size), (start % pieceRows) * size);
    }
  }

  #bind(parameters: number): BoundExecutable {
    const known = this.#bound.get(parameters);
    if (known) return known;
    const { arena, executable, source } = this.#options;
    const buffers: Record<string, Float32Array> = { ...source.buffers };
    for (const tensor of arena.layout.tensors) {
      buffers[`param/${tensor.name}`] = tensorView(arena, parameters, tensor);
    }
    const inputs = Object.fromEntries(
      Object.keys(executable.inputs).map((name) => {
        const buffer = buffers[name];
        if (!buffer) throw new Error(`the executable asks for ${name}, which there is not`);
        return [name, buffer];
      }),
    );
    const bound = executable.bind(inputs, this.#outputs);
    this.#bound.set(parameters, bound);
    return bound;
  }
}
