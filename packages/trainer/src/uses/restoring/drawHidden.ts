/**
 * Hidden values of examples, drawn given the others. Of each example a z is drawn from the model's own
 *
 *   p(z | visible values)  ~  p(z) p(visible values | z)
 *
 * by Hamiltonian Monte Carlo (`hamiltonian.ts`) over the model's function `latentGradient`, and the hidden values are
 * the mean of p(x | z): a picture without the pixels' own noise.
 *
 * The encoder, which has seen no example with values hidden, only says where to begin and how long a step may be:
 * of z ~ N(0, I), and of what q(z | x) gives where the hidden values are those that the z before decodes to, the
 * likeliest. Alternating between q(z | x) and p(x | z), z taken as it comes (Rezende, Mohamed, Wierstra (2014),
 * appendix F), would run off to infinity where encoder and decoder together move the hidden values by more than
 * they were moved; and with some thousand values, known to within a hundredth, Metropolis and Hastings' rule would
 * refuse every z of q(z | x).
 *
 * Noise depends on the example's number and the chain alone.
 */
import { fillNoise } from '@lockstep/core';
import { required } from '../../modelFunctions.ts';
import { elementCount } from '../../run/namedTensor.ts';
import { checkFinite } from '../../rows/mapRows.ts';
import type { TrainedModel } from '../openTrained.ts';
import type { Examples } from '../takeExamples.ts';
import { hamiltonianMonteCarlo, type DensityAt } from './hamiltonian.ts';

/** What a model is asked for. */
export const HIDDEN_FUNCTIONS = ['drawLatent', 'decode', 'latentGradient'] as const;

export interface HiddenOptions {
  /** 1 where a value is hidden. [size] */
  readonly mask: Uint8Array;
  readonly steps: number;
  readonly seed: number;
  /** Which of several chains: others see other noise. */
  readonly chain: number;
  /** After a step of a block of examples. */
  onStep?(): void;
}

export type FunctionRunner = Pick<TrainedModel, 'model' | 'run'>;

/** Examples at a time. */
const BLOCK = 128;
export const hiddenBlocks = (count: number): number => Math.ceil(count / BLOCK);

/** Streams of the noise, apart from those that models draw in `sample`. */
const STREAMS = { prior: 61, start: 62, momentum: 63, accept: 64, stretch: 65 } as const;
/** Rounds of encoding and decoding, where the chain begins. */
const STARTS = 3;
/** Bounds of a step's measure, in standard deviations of the prior. */
const [LEAST_SCALE, MOST_SCALE] = [0.01, 1];

/** The examples with their hidden values drawn. [count, size] @throws RunError */
export async function drawHidden(
  trained: FunctionRunner,
  examples: Pick<Examples, 'count' | 'size' | 'x' | 'label'>,
  options: HiddenOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const { count, size, x, label } = examples;
  const completed = new Float32Array(count * size);
  for (let first = 0; first < count; first += BLOCK) {
    const end = Math.min(first + BLOCK, count);
    const block = { x: x.subarray(first * size, end * size), label: label?.subarray(first, end) };
    const made = await drawBlock(trained, { ...block, first, count: end - first, size }, options);
    completed.set(made, first * size);
  }
  return completed;
}

interface Block extends Pick<Examples, 'count' | 'size' | 'x' | 'label'> {
  /** Number of its first example. */
  readonly first: number;
}

async function drawBlock(
  trained: FunctionRunner,
  { first, count, size, x, label }: Block,
  { mask, steps, seed, chain, onStep }: HiddenOptions,
): Promise<Float32Array> {
  const { functions = {} } = trained.model;
  const run = (name: string, values: Values, noise: Values = {}) => {
    const inputs = { ...values, ...(label && functions[name]?.inputs['label'] && { label }) };
    return trained.run(name, { count, seed: 0, inputs, noise });
  };
  const dim = elementCount(functions['drawLatent']?.outputs['z'] ?? []);
  const noiseOf = (name: keyof typeof STREAMS, width: number, step: number): Float32Array => {
    const distribution = name === 'accept' || name === 'stretch' ? 'uniform' : 'normal';
    const all = new Float32Array(count * width);
    for (let row = 0; row < count; row++) {
      const at = { seed, kind: 'sampling', stream: STREAMS[name], example: first + row } as const;
      const epoch = chain * Math.max(steps, STARTS) + step;
      fillNoise(all.subarray(row * width, (row + 1) * width), distribution, { ...at, epoch });
    }
    return all;
  };
  const known = Float32Array.from(x, (_, i) => 1 - (mask[i % size] ?? 0));
  const visible = x.map((value, i) => (known[i] === 1 ? value : 0));
  /** What z decodes to, with what is visible as it is. */
  const completedBy = async (z: Float32Array): Promise<Float32Array<ArrayBuffer>> => {
    const made = required((await run('decode', { z }))['x']);
    return x.map((value, i) => (known[i] === 1 ? value : (made[i] ?? NaN)));
  };
  const density = async (z: Float32Array): Promise<DensityAt> => {
    const at = await run('latentGradient', { x: visible, known, z });
    return { logDensity: required(at['logJoint']), gradient: required(at['gradient']) };
  };

  let z: Float32Array = noiseOf('prior', dim, 0);
  const start = new Starts(z, await density(z));
  for (let round = 0; round < STARTS; round++) {
    const eps = noiseOf('start', dim, round);
    const encoded = await run('drawLatent', { x: await completedBy(z) }, { eps });
    z = required(encoded['z']).slice();
    const logVar = required(encoded['logVar']).slice();
    start.offer(z, logVar, await density(z));
  }
  checkFinite('latentGradient', { logJoint: { data: start.logDensity, count, dim: 1 } }, first);
  const drawn = await hamiltonianMonteCarlo({
    ...{ point: start.point, scale: start.scale, steps, density, onStep },
    ...{ logDensity: start.logDensity, gradient: start.gradient },
    noise: (step) => ({
      momentum: noiseOf('momentum', dim, step),
      accept: noiseOf('accept', 1, step),
      stretch: noiseOf('stretch', 1, step),
    }),
  });
  const completed = await completedBy(drawn);
  checkFinite('decode', { x: { data: completed, count, dim: size } }, first);
  return completed;
}

type Values = Readonly<Record<string, Float32Array>>;

/** The likeliest point that was offered, of each example. [B, L], `logDensity` [B] */
class Starts {
  readonly point: Float32Array;
  readonly gradient: Float32Array;
  readonly logDensity: Float32Array;
  /** Standard deviations of the q(z | x) that the point is from; of the prior's 1. */
  readonly scale: Float32Array;

  constructor(point: Float32Array, { logDensity, gradient }: DensityAt) {
    this.point = point.slice();
    this.gradient = gradient.slice();
    this.logDensity = logDensity.slice();
    this.scale = new Float32Array(point.length).fill(MOST_SCALE);
  }

  offer(point: Float32Array, logVar: Float32Array, { logDensity, gradient }: DensityAt): void {
    const dim = point.length / logDensity.length;
    logDensity.forEach((value, row) => {
      const best = this.logDensity[row] ?? NaN;
      if (!Number.isFinite(value) || value <= best) return;
      this.logDensity[row] = value;
      for (let i = row * dim; i < (row + 1) * dim; i++) {
        this.point[i] = point[i] ?? NaN;
        this.gradient[i] = gradient[i] ?? NaN;
        const deviation = Math.exp((logVar[i] ?? NaN) / 2);
        this.scale[i] = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, deviation));
      }
    });
  }
}
