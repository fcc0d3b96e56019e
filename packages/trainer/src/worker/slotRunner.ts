/**
 * Runs one slot: gathers each of its micro-batches, runs the executable straight on the arena, and
 * leaves in the slot the sums over its examples. The result depends on (seed, round, slot) only.
 */
import {
  metricOutput,
  parametersOffset,
  scratchOffset,
  slotOffset,
  slotSums,
  tensorView,
  type Arena,
  type Kernels,
  type SlotTask,
} from '@lockstep/collective';
import type { BatchSource } from '@lockstep/data';
import type { BoundExecutable, Executable } from '@lockstep/engine';
import type { StepPlan } from '../config/microBatches.ts';
import { slotMicroBatches } from '../plan/slotMicroBatches.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface SlotRunnerOptions {
  readonly arena: Arena;
  readonly worker: number;
  readonly kernels: Kernels;
  readonly executable: Executable;
  readonly source: BatchSource;
  readonly plan: StepPlan;
  readonly stopwatch: Stopwatch;
}

export class SlotRunner {
  readonly #options: SlotRunnerOptions;
  readonly #metrics: Float32Array; // [1 + metrics]
  /** By parameter and gradient offset: an executable is bound once to each pair of blocks. */
  readonly #bound = new Map<string, BoundExecutable>();

  constructor(options: SlotRunnerOptions) {
    this.#options = options;
    this.#metrics = metricOutput(options.arena, options.worker);
  }

  async run(task: SlotTask): Promise<void> {
    const { arena, worker, kernels, source, plan, stopwatch } = this.#options;
    const parameters = parametersOffset(arena, task.parity);
    const slot = slotOffset(arena, task.target);
    const scratch = scratchOffset(arena, worker);
    const { parameterFloats } = arena.layout;
    const sums = slotSums(arena, task.target).fill(0);
    let filled = false;

    for (const range of slotMicroBatches(plan, task)) {
      source.fill(range);
      stopwatch.lap('gather');
      await this.#bind(parameters, filled ? scratch : slot).run();
      if (filled && task.kind === 'compute') kernels.accumulate(slot, scratch, parameterFloats);
      this.#addMetrics(sums, range.count);
      filled = true;
      stopwatch.lap('compute');
    }
    if (!filled && task.kind === 'compute') kernels.fill(slot, 0, parameterFloats);
  }

  dispose(): Promise<void> {
    return this.#options.executable.dispose();
  }

  #addMetrics(sums: Float64Array, weight: number): void {
    sums[0] = (sums[0] ?? 0) + weight;
    this.#metrics.forEach((value, i) => (sums[i + 1] = (sums[i + 1] ?? 0) + value));
  }

  #bind(parameters: number, gradient: number): BoundExecutable {
    const key = `${parameters}/${gradient}`;
    const known = this.#bound.get(key);
    if (known) return known;
    const { arena, executable, source } = this.#options;
    const inputs: Record<string, Float32Array> = { ...source.buffers };
    const outputs: Record<string, Float32Array> = { metrics: this.#metrics };
    for (const tensor of arena.layout.tensors) {
      inputs[`param/${tensor.name}`] = tensorView(arena, parameters, tensor);
      outputs[`grad/${tensor.name}`] = tensorView(arena, gradient, tensor);
    }
    const bound = executable.bind(
      pick(inputs, Object.keys(executable.inputs)),
      pick(outputs, Object.keys(executable.outputs)),
    );
    this.#bound.set(key, bound);
    return bound;
  }
}

function pick(
  buffers: Readonly<Record<string, Float32Array>>,
  names: readonly string[],
): Record<string, Float32Array> {
  return Object.fromEntries(
    names.map((name) => {
      const buffer = buffers[name];
      if (!buffer) throw new Error(`the executable asks for ${name}, which the job does not have`);
      return [name, buffer];
    }),
  );
}
