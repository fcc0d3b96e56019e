/** Small encoders and decoders, each with the same network in float64, for tests of the VAE. */
import { bernoulliLogits } from '../likelihoods/bernoulliLogits.ts';
import { gaussian } from '../likelihoods/gaussian.ts';
import { convDecoder, convEncoder } from '../networks/conv.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import * as ref from './reference.ts';
import { map, type Reference } from './reference.ts';

export const batchSize = 3;
export const latentDim = 2;
export const shape = [4, 4, 1];

/** A parameter by name. */
export type Lookup = (name: string) => Reference;

const relu = (x: Reference) => map(x, (value) => Math.max(value, 0));
const reshaped = (x: Reference, to: number[]): Reference => ({ shape: to, data: x.data });

export const denseBy = (get: Lookup, x: Reference, name: string) =>
  ref.dense(x, get(`${name}/kernel`), get(`${name}/bias`));

const mlpOptions = { hidden: [5], latentDim };
const convOptions = { filters: [2, 3], latentDim };
const strided = { kernelSize: 3, stride: 2, padding: 'same' } as const;

/** The networks in float64: x [B, 16] to features [B, F], z [B, L] to output [B, 16]. */
export const networks = {
  mlp: {
    encoder: mlpEncoder({ inputShape: shape, ...mlpOptions }),
    decoder: mlpDecoder({ outputShape: shape, ...mlpOptions }),
    features: (get: Lookup, x: Reference) => relu(denseBy(get, x, 'encoder/dense1')),
    output: (get: Lookup, z: Reference) =>
      denseBy(get, relu(denseBy(get, z, 'decoder/dense1')), 'decoder/output'),
  },
  conv: {
    encoder: convEncoder({ inputShape: shape, ...convOptions }),
    decoder: convDecoder({ outputShape: shape, ...convOptions }),
    features: (get: Lookup, x: Reference) => {
      const conv = (from: Reference, name: string, size: number) => {
        const [kernel, bias] = [get(`encoder/${name}/kernel`), get(`encoder/${name}/bias`)];
        return relu(ref.conv2d(from, kernel, bias, [size, size], strided));
      };
      const h = conv(reshaped(x, [batchSize, ...shape]), 'conv1', 2);
      return reshaped(conv(h, 'conv2', 1), [batchSize, 3]);
    },
    output: (get: Lookup, z: Reference) => {
      const up = (from: Reference, name: string, size: number) => {
        const [kernel, bias] = [get(`decoder/${name}/kernel`), get(`decoder/${name}/bias`)];
        return ref.conv2dTranspose(from, kernel, bias, [size, size], strided);
      };
      const h = reshaped(relu(denseBy(get, z, 'decoder/dense')), [batchSize, 1, 1, 3]);
      return up(relu(up(h, 'convTranspose1', 2)), 'convTranspose2', 4);
    },
  },
};

export const sigma = 0.5;

export const likelihoods = {
  bernoulliLogits: {
    likelihood: bernoulliLogits(),
    loss: (x: number, o: number) => Math.log1p(Math.exp(-Math.abs(o))) + Math.max(o, 0) - o * x,
  },
  gaussian: {
    likelihood: gaussian({ sigma }),
    loss: (x: number, o: number) =>
      0.5 * ((x - o) / sigma) ** 2 + Math.log(sigma * Math.sqrt(2 * Math.PI)),
  },
};

export const cases = (['mlp', 'conv'] as const).flatMap((network) =>
  (['bernoulliLogits', 'gaussian'] as const).map((likelihood) => ({ network, likelihood })),
);
