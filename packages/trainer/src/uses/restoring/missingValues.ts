/**
 * Values that rows of a table lack, drawn given those that are there: a Markov chain of the model's function
 * `conditionalStep` (core/vae/conditionalStep.ts names the paper and the algorithm). It begins at z ~ q(z | x) of
 * the row as it is, and at what that z decodes to. Its first half is left out of what is made of it.
 *
 * Noise depends on the row's number alone, so the same row gets the same values in any company; in batches of
 * another size, but for the last bits of the arithmetic.
 */
import { fillNoise } from '@lockstep/core';
import { required } from '../../modelFunctions.ts';
import { elementCount } from '../../run/namedTensor.ts';
import type { TrainedModel } from '../openTrained.ts';

/** What a model is asked for. */
export const CHAIN_FUNCTIONS = ['drawLatent', 'decode', 'conditionalStep'] as const;

export interface IncompleteRows {
  /** Their numbers in the data. */
  readonly numbers: readonly number[];
  /** Rows that are computed together; those behind the rows themselves are of no account. */
  readonly batch: number;
  /** NaN where a value is missing. [batch, size] */
  readonly x: Float32Array;
  /** Of a model that is told them. [batch] */
  readonly label: Float32Array | undefined;
}

export interface ChainOptions {
  readonly steps: number;
  readonly seed: number;
  /** Which of several chains: others see other noise. */
  readonly chain: number;
  /** After each step of the second half: the rows, complete. [batch, size] They are overwritten afterwards. */
  onDraw(x: Float32Array): void;
  onStep?(): void;
}

/** First stream of the noise, apart from those that models draw in `sample`. */
const STREAM = 64;

/** The share of proposals that were accepted. @throws RunError */
export async function drawMissing(
  trained: TrainedModel,
  { numbers, batch, x, label }: IncompleteRows,
  { steps, seed, chain, onDraw, onStep }: ChainOptions,
): Promise<number> {
  const count = numbers.length;
  const run = async (
    name: string,
    values: Readonly<Record<string, Float32Array>>,
    step: number,
  ) => {
    const { inputs = {}, noise = {} } = trained.model.functions?.[name] ?? {};
    const given = { ...values, ...(label && { label }) };
    const known = Object.entries(given).filter(([key]) => inputs[key] !== undefined);
    const drawn = Object.entries(noise).map(([key, { shape, distribution }], i) => {
      const size = elementCount(shape);
      const all = new Float32Array(batch * size);
      numbers.forEach((example, row) => {
        const at = { seed, kind: 'sampling', stream: STREAM + i, example } as const;
        const epoch = chain * (steps + 1) + step;
        fillNoise(all.subarray(row * size, (row + 1) * size), distribution, { ...at, epoch });
      });
      return [key, all] as const;
    });
    const call = { inputs: Object.fromEntries(known), noise: Object.fromEntries(drawn) };
    return trained.run(name, { ...call, count: batch, seed: 0 });
  };
  /** What is known stays. */
  const kept = (made: Float32Array): Float32Array =>
    x.map((value, i) => (Number.isNaN(value) ? (made[i] ?? NaN) : value));
  let z = required((await run('drawLatent', { x }, 0))['z']);
  let complete = kept(required((await run('decode', { z }, 0))['x']));
  let accepted = 0;
  for (let step = 1; step <= steps; step++) {
    const after = await run('conditionalStep', { x: complete, z }, step);
    z = required(after['z']);
    complete = kept(required(after['x']));
    const taken = required(after['accepted']).subarray(0, count);
    accepted += taken.reduce((sum, value) => sum + value, 0);
    if (step > steps / 2) onDraw(complete);
    onStep?.();
  }
  return accepted / (steps * count);
}
