import '../testing/cpuBackend.ts';
import { slice, tensor, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { embedding } from '../layers/embedding.ts';
import { tokenSequence } from '../likelihoods/tokenSequence.ts';
import { causalConvTokens } from '../networks/causalConvTokens.ts';
import { foldedDecoder, foldedEncoder } from '../networks/foldedSequence.ts';
import { expectModelContract, runOf } from '../testing/modelContract.ts';
import { expectClose, normalValues } from '../testing/values.ts';
import { textVae, type TextVaeOptions } from './textVae.ts';

const [steps, tokens, filters, latentDim] = [7, 5, 6, 3];
const network = causalConvTokens('decoder/tokens', {
  steps,
  tokens,
  filters,
  blocks: 2,
  kernelSize: 2,
});
const decoder = foldedDecoder({ steps, filters, levels: 2, latentDim });
const create = (options: Partial<TextVaeOptions> = {}) =>
  textVae({
    encoder: foldedEncoder({
      input: embedding('encoder/embedding', { steps, tokens, units: 4 }),
      filters,
      levels: 2,
      latentDim,
    }),
    decoder,
    network,
    latentDim,
    ...options,
  });
const likelihood = tokenSequence({ network });
const { params } = runOf(create(), 1);

it.each([0, 0.5])('keeps the contract with word dropout %d', (wordDropout) => {
  expectModelContract(create({ wordDropout }));
});

const rows = (values: readonly (readonly number[])[]): Tensor2D =>
  tensor(values.flat(), [values.length, values[0]?.length ?? 0]);

describe('the likelihood', () => {
  const output = decoder.apply(params, tensor(normalValues([1, latentDim]), [1, latentDim]));

  /** log p(x) for one x, token by token, from the network's steps. */
  function logProb(x: readonly number[]): number {
    const next = network.stepper(params, output);
    let previous = 0;
    let total = 0;
    for (const token of x) {
      const oneHot = Array.from({ length: tokens }, (_, i) => (i === previous ? 1 : 0));
      const logits = Array.from(next(rows([oneHot])).dataSync());
      const largest = Math.max(...logits);
      const sum = logits.reduce((all, logit) => all + Math.exp(logit - largest), 0);
      total += (logits[token] ?? NaN) - largest - Math.log(sum);
      if (token === 0) break;
      previous = token;
    }
    return total;
  }

  it.each([
    [[1, 2, 3, 4, 1, 2, 3]],
    [[4, 4, 2, 0, 0, 0, 0]],
    [[0, 0, 0, 0, 0, 0, 0]],
    [[3, 1, 1, 2, 2, 1, 0]],
  ])('of %j all at once is that of its tokens one by one', (x) => {
    const all = likelihood.negativeLogProb(rows([x]), output, params).dataSync();
    expectClose(all, [-logProb(x)], 1e-5);
  });

  it('adds up to one over all texts', () => {
    const short = 3;
    const cut = (t: Tensor, count: number): Tensor => slice(t, 0, [1, count, filters]);
    const small = causalConvTokens('decoder/tokens', {
      steps: short,
      tokens,
      filters,
      blocks: 2,
      kernelSize: 2,
    });
    const scored = tokenSequence({ network: small });
    let total = 0;
    for (let code = 0; code < tokens ** short; code++) {
      const x = [0, 1, 2].map((t) => Math.floor(code / tokens ** t) % tokens);
      const end = x.indexOf(0);
      if (end >= 0 && x.slice(end).some((token) => token !== 0)) continue; // no text
      const cost = scored.negativeLogProb(rows([x]), cut(output, short), params).dataSync()[0];
      total += Math.exp(-(cost ?? NaN));
    }
    expect(total).toBeCloseTo(1, 5);
  });

  it('counts what it scores', () => {
    const x = rows([
      [1, 2, 0, 0, 0, 0, 0],
      [1, 2, 3, 4, 1, 2, 3],
      [0, 0, 0, 0, 0, 0, 0],
    ]);
    expect(Array.from(likelihood.scoredTokens(x).dataSync())).toEqual([3, 7, 1]);
  });
});

describe('what it writes', () => {
  const model = create();
  const count = 1500;
  const z = new Float32Array(count * latentDim).map((_, i) => [0.5, -1, 2][i % latentDim] ?? 0);
  const inputs = { z: tensor(z, [count, latentDim]) };
  const uniform = (shape: [number, number]): Tensor2D => {
    let state = 7;
    const values = Float32Array.from({ length: shape[0] * shape[1] }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    });
    return tensor(values, shape);
  };
  const drawn = (temperature: number): Float32Array => {
    const given = { ...inputs, temperature: tensor(new Float32Array(count).fill(temperature)) };
    const { x } = model.functions.drawDecoded.apply(params, given, { u: uniform([count, steps]) });
    return x?.dataSync() as Float32Array;
  };

  it('is drawn from p(x | z)', () => {
    const x = drawn(1);
    const texts = Array.from({ length: count }, (_, i) =>
      Array.from(x.subarray(i * steps, (i + 1) * steps)).join(),
    );
    // The frequency of the likeliest first token and of those texts that are drawn often.
    const often = new Map<string, number>();
    for (const text of texts) often.set(text, (often.get(text) ?? 0) + 1);
    const [text = '', times = 0] = Array.from(often).sort((a, b) => b[1] - a[1])[0] ?? [];
    const output = decoder.apply(params, slice(inputs.z, 0, [1, latentDim]));
    const ids = text.split(',').map(Number);
    const cost = likelihood.negativeLogProb(rows([ids]), output, params).dataSync()[0] ?? NaN;
    const p = Math.exp(-cost);
    expect(Math.abs(times / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
  });

  it('is the likeliest at a low temperature, and ends with its end', () => {
    const { x } = model.functions.decode.apply(params, inputs, {});
    expect(drawn(1e-4).slice(0, steps)).toEqual(x?.dataSync().slice(0, steps));
    for (const each of [drawn(1), drawn(3)]) {
      for (let i = 0; i < each.length; i++) {
        expect(Number.isInteger(each[i]) && (each[i] ?? NaN) < tokens).toBe(true);
        if (i % steps > 0 && each[i - 1] === 0) expect(each[i]).toBe(0);
      }
    }
  });
});

it('word dropout changes training alone', () => {
  const model = create({ wordDropout: 0.5 });
  const { batch, noise, context, params: own } = runOf(model, 3);
  const of = (training: boolean) =>
    model.loss(own, batch, noise, { ...context, training }).metrics['reconstruction']?.dataSync();
  const plain = create().loss(own, batch, noise, context).metrics['reconstruction']?.dataSync();
  expect(of(false)).toEqual(plain);
  expect(of(true)).not.toEqual(plain);
});

it('refuses a share that is none', () => {
  for (const wordDropout of [-0.1, 1]) {
    expect(() => create({ wordDropout })).toThrow(
      expect.objectContaining({ code: 'MODEL_LIKELIHOOD_OPTION' }) as Error,
    );
  }
});
