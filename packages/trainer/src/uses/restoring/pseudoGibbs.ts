/**
 * Hidden values of examples drawn given the others, by a Markov chain whose step is
 *
 *   z ~ q(z | x),   hidden values of x = the mean of p(x | z),   the others stay as they are
 *
 * from hidden values that are uniform noise. Rezende, Mohamed, Wierstra: "Stochastic Backpropagation and
 * Approximate Inference in Deep Generative Models" (2014), appendix F, who draw the hidden
 * values from p(x | z): its mean is a picture without the pixels' own noise. The chain is near p(hidden |
 * others) as far as q is near the posterior, and as the missing values are few.
 */
import { fillNoise } from '@lockstep/core';
import { elementCount } from '../../run/namedTensor.ts';
import type { TrainedModel } from '../openTrained.ts';
import type { Examples } from '../takeExamples.ts';
import { runRows } from './restoredRows.ts';

export interface ChainOptions {
  /** 1 where a value is hidden. [size] */
  readonly mask: Uint8Array;
  readonly steps: number;
  readonly seed: number;
  /** Which of several chains: others see other noise. */
  readonly chain: number;
  onStep?(): void;
}

/** Streams of the noise, apart from those that models draw in `sample`. */
const STREAMS = { start: 61, latent: 62 } as const;

/** The examples with their hidden values drawn. [count, size] @throws RunError */
export async function drawHidden(
  trained: TrainedModel,
  { count, size, x, label }: Examples,
  { mask, steps, seed, chain, onStep }: ChainOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const at = { seed, kind: 'sampling' } as const;
  const completed = new Float32Array(count * size);
  for (let example = 0; example < count; example++) {
    const part = completed.subarray(example * size, (example + 1) * size);
    fillNoise(part, 'uniform', { ...at, stream: STREAMS.start, epoch: chain, example });
  }
  keepVisible(completed, x, mask);
  const dim = elementCount(trained.outputShape('drawLatent', 'z'));
  const eps = new Float32Array(count * dim);
  for (let step = 0; step < steps; step++) {
    for (let example = 0; example < count; example++) {
      const part = eps.subarray(example * dim, (example + 1) * dim);
      const epoch = chain * steps + step;
      fillNoise(part, 'normal', { ...at, stream: STREAMS.latent, epoch, example });
    }
    const inputs = { x: completed, label };
    const z = await runRows(trained, 'drawLatent', 'z', { count, inputs, noise: { eps } });
    const made = await runRows(trained, 'decode', 'x', { count, inputs: { z, label } });
    completed.set(made);
    keepVisible(completed, x, mask);
    onStep?.();
  }
  return completed;
}

function keepVisible(completed: Float32Array, x: Float32Array, mask: Uint8Array): void {
  const size = mask.length;
  for (let i = 0; i < completed.length; i++) {
    if (mask[i % size] === 0) completed[i] = x[i] ?? 0;
  }
}
