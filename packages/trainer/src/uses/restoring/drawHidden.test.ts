/**
 * On factor analysis, x = W z + b + sigma e, whose every distribution is known in closed form. The encoder is wrong
 * on purpose: a loop through encoder and decoder moves the hidden values by a multiple of what they were moved.
 */
import { gaussian, mlpDecoder, mlpEncoder, vae } from '@lockstep/core';
import { createEngine } from '@lockstep/engine';
import { expect, it } from 'vitest';
import { ModelFunctions } from '../../modelFunctions.ts';
import { drawHidden, type FunctionRunner } from './drawHidden.ts';

const W = [
  [1.2, -0.3],
  [0.4, 0.9],
  [-0.8, 1.1],
  [0.6, 0.7],
] as const;
const b = [0.5, -1, 0.2, 0.3] as const;
const sigma = 0.3;
/** Which are hidden, and what the others are. */
const mask = Uint8Array.of(0, 0, 1, 1);
const shown = [1.4, -1.3, 0, 0] as const;
const size = 4;

async function runnerOf({ gain, bias = 0 }: { gain: number; bias?: number }) {
  const model = vae({
    encoder: mlpEncoder({ inputShape: [size], hidden: [], latentDim: 2 }),
    decoder: mlpDecoder({ outputShape: [size], hidden: [], latentDim: 2 }),
    latentDim: 2,
    likelihood: gaussian({ sigma }),
  });
  const values: Readonly<Record<string, readonly number[]>> = {
    'encoder/mu/kernel': W.flatMap((row) => row.map((value) => gain * value)),
    'encoder/logVar/bias': [-3, -3],
    'decoder/output/kernel': [0, 1].flatMap((l) => W.map((row) => row[l] ?? NaN)),
    'decoder/output/bias': b.map((value) => value + bias),
  };
  const parameters = model.parameters.map(({ name, shape }) => {
    const count = shape.reduce((total, length) => total * length, 1);
    return { name, shape, data: Float32Array.from(values[name] ?? new Float32Array(count)) };
  });
  const functions = new ModelFunctions(model, await createEngine('onnx'));
  const runner: FunctionRunner = {
    model,
    run: (name, call) => functions.run({ ...call, name, parameters }),
  };
  return runner;
}

const examplesOf = (count: number) => ({
  count,
  size,
  x: Float32Array.from({ length: count * size }, (_, i) => shown[i % size] ?? NaN),
  label: undefined,
});

/** Mean and covariance of z given x_0 and x_1: S = (I + W' W / sigma^2)^-1 and S W' (x - b) / sigma^2. */
function posterior() {
  const rows = [0, 1] as const;
  const precision = (i: 0 | 1, j: 0 | 1): number =>
    (i === j ? 1 : 0) + rows.reduce<number>((sum, r) => sum + W[r][i] * W[r][j], 0) / sigma ** 2;
  const pull = (i: 0 | 1): number =>
    rows.reduce<number>((sum, r) => sum + W[r][i] * (shown[r] - b[r]), 0) / sigma ** 2;
  const [p, q, r] = [precision(0, 0), precision(0, 1), precision(1, 1)];
  const determinant = p * r - q * q;
  const covariance = [
    [r / determinant, -q / determinant],
    [-q / determinant, p / determinant],
  ] as const;
  const mean = covariance.map(([s, t]) => s * pull(0) + t * pull(1)) as [number, number];
  return { mean, covariance };
}

/** Of E[x | z], value `row`. */
function closedForm(row: 2 | 3): { mean: number; variance: number } {
  const { mean, covariance } = posterior();
  const [u, v] = W[row];
  const [[c, d], [, e]] = covariance;
  return {
    mean: b[row] + u * mean[0] + v * mean[1],
    variance: u * u * c + 2 * u * v * d + v * v * e,
  };
}

it.each([0, 0.5, 3])(
  'draws from p(hidden | visible), whatever the encoder: gain %d',
  async (gain) => {
    const count = 1500;
    const trained = await runnerOf({ gain });
    const made = await drawHidden(trained, examplesOf(count), {
      mask,
      steps: 60,
      seed: 1,
      chain: 0,
    });
    for (const [place, value] of [shown[0], shown[1]].entries()) {
      expect(made.filter((_, i) => i % size === place)).toEqual(
        new Float32Array(count).fill(value),
      );
    }
    for (const row of [2, 3] as const) {
      const wanted = closedForm(row);
      const drawn = made.filter((_, i) => i % size === row);
      const mean = drawn.reduce((sum, value) => sum + value, 0) / count;
      const variance = drawn.reduce((sum, value) => sum + (value - wanted.mean) ** 2, 0) / count;
      // 5 standard errors; a variance of normal draws has a relative one of sqrt(2 / count).
      expect(Math.abs(mean - wanted.mean)).toBeLessThan(5 * Math.sqrt(wanted.variance / count));
      expect(Math.abs(variance / wanted.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    }
  },
);

it('draws the same for the same seed and number, other chains something else', async () => {
  const trained = await runnerOf({ gain: 3 });
  const draw = (count: number, chain = 0, seed = 1) =>
    drawHidden(trained, examplesOf(count), { mask, steps: 5, seed, chain });
  // More than go through the model together.
  const many = await draw(140);
  expect(await draw(140)).toEqual(many);
  expect((await draw(128)).subarray()).toEqual(many.subarray(0, 128 * size));
  expect(await draw(140, 1)).not.toEqual(many);
  expect(await draw(140, 0, 2)).not.toEqual(many);
});

it('says of which example nothing finite is made', async () => {
  const trained = await runnerOf({ gain: 1, bias: NaN });
  const drawing = drawHidden(trained, examplesOf(3), { mask, steps: 2, seed: 1, chain: 0 });
  await expect(drawing).rejects.toMatchObject({
    code: 'RUN_NOT_FINITE',
    where: 'latentGradient, example 0',
  });
});
