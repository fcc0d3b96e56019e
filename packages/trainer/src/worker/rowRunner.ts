/**
 * Runs one task over the data, and copies the function's outputs to the rows of its examples. The result
 * depends on (seed, draw, examples) only.
 */
import type { BatchSource } from '@lockstep/data';
import type { BoundExecutable, Executable } from '@lockstep/engine';
import { elementCount } from '../run/namedTensor.ts';
import type { RowsTask } from '../rows/rowsPlan.ts';

export interface RowRunnerOptions {
  readonly executable: Executable;
  readonly source: BatchSource;
  readonly microBatch: number;
  /** By name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** By the name of the function's output. [rows that are kept * its size] */
  readonly rows: Readonly<Record<string, Float32Array>>;
}

export class RowRunner {
  readonly #options: RowRunnerOptions;
  /** Of one micro-batch, by the executable's names. */
  readonly #outputs: Readonly<Record<string, Float32Array>>;
  readonly #bound: BoundExecutable;

  constructor(options: RowRunnerOptions) {
    const { executable, source, parameters } = options;
    this.#options = options;
    this.#outputs = Object.fromEntries(
      Object.entries(executable.outputs).map(([name, { shape }]) => [
        name,
        new Float32Array(elementCount(shape)),
      ]),
    );
    const buffers: Record<string, Float32Array> = { ...source.buffers };
    for (const [name, values] of Object.entries(parameters)) buffers[`param/${name}`] = values;
    const inputs = Object.fromEntries(
      Object.keys(executable.inputs).map((name) => {
        const buffer = buffers[name];
        if (!buffer) throw new Error(`the executable asks for ${name}, which there is not`);
        return [name, buffer];
      }),
    );
    this.#bound = executable.bind(inputs, this.#outputs);
  }

  async run({ start, count, draw, place }: RowsTask): Promise<void> {
    if (count === 0) return;
    this.#options.source.fill({ epoch: draw, start, count });
    await this.#bound.run();
    const { rows, microBatch } = this.#options;
    for (const [name, target] of Object.entries(rows)) {
      const output = this.#outputs[`output/${name}`];
      if (!output) throw new Error(`the executable has no output ${name}`);
      const size = output.length / microBatch;
      target.set(output.subarray(0, count * size), place * size);
    }
  }

  dispose(): Promise<void> {
    return this.#options.executable.dispose();
  }
}
