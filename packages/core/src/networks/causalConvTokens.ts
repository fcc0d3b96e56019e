/**
 * A token network of dilated causal convolutions. Yang, Hu, Salakhutdinov, Berg-Kirkpatrick: "Improved
 * Variational Autoencoders for Text Modeling using Dilated Convolutions" (2017), section 3.2, with the
 * plain residual blocks of networks/causalConv.ts. How far back it sees decides how much is left for the
 * condition to tell: their section 4.
 *
 *   h = embedding(token before) + condition
 *   h = h + relu(causal conv(h)), the dilations 1, 2, 4 ...
 *   logits = dense(relu(dense(h)))
 */
import {
  add,
  expandDims,
  matMul,
  mul,
  reshape,
  slice,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { causalConv1d, causalConvStep, type CausalConv1dOptions } from '../layers/causalConv1d.ts';
import { dense } from '../layers/dense.ts';
import { embedding } from '../layers/embedding.ts';
import { requirePositiveIntegers } from '../layers/options.ts';
import { perStep } from '../layers/perStep.ts';
import { sequential } from '../layers/sequential.ts';
import { requireTensor } from '../namedTensors.ts';
import { END_TOKEN, type TokenNetwork } from './tokenNetwork.ts';

export interface CausalConvTokensOptions {
  /** T */
  readonly steps: number;
  /** V */
  readonly tokens: number;
  /** Channels of the convolutions, and values of the condition. */
  readonly filters: number;
  /** Convolutions; together they see (kernelSize - 1) (2^blocks - 1) tokens before the last one. */
  readonly blocks: number;
  readonly kernelSize: number;
}

/**
 * Parameters `<name>/embedding`, `<name>/conv1` ..., `<name>/hidden`, `<name>/output`.
 * Throws MODEL_LAYER_OPTION.
 */
export function causalConvTokens(name: string, options: CausalConvTokensOptions): TokenNetwork {
  const { steps, tokens, filters, blocks, kernelSize } = options;
  requirePositiveIntegers(name, { filters, blocks, kernelSize });
  const kernelInit = () => ({ kind: 'normal', mean: 0, stddev: 0.5 }) as const;
  const embed = embedding(`${name}/embedding`, { steps, tokens, units: filters, kernelInit });
  const convs = Array.from({ length: blocks }, (_, i) => {
    const shape = { inputShape: [steps, filters], filters, kernelSize, dilation: 1 << i };
    const settings: CausalConv1dOptions = { ...shape, activation: 'relu' };
    const own = `${name}/conv${String(i + 1)}`;
    return { own, settings, layer: causalConv1d(own, settings) };
  });
  const head = sequential(
    dense(`${name}/hidden`, { inputs: filters, units: filters, activation: 'relu' }),
    dense(`${name}/output`, { inputs: filters, units: tokens }),
  );
  const heads = perStep(steps, head);
  return {
    steps,
    tokens,
    conditionDim: filters,
    parameters: [
      ...embed.parameters,
      ...convs.flatMap(({ layer }) => layer.parameters),
      ...head.parameters,
    ],
    logits: (params, previous, condition, seen) =>
      tidy(name, () => {
        const embedded = embed.apply(params, previous); // [B, T, C]
        const known = seen ? mul(embedded, expandDims(seen, 2)) : embedded;
        const first: Tensor = add(known, condition);
        const last = convs.reduce((h, { layer }) => add(h, layer.apply(params, h)), first);
        return heads.apply(params, last) as Tensor3D;
      }),
    stepper(params, condition) {
      const kernel = requireTensor('parameter', params, `${name}/embedding/kernel`) as Tensor2D;
      const batch = condition.shape[0] ?? 1;
      const past: Tensor2D[][] = convs.map(() => []);
      let t = 0;
      return (previous) => {
        const told = reshape(slice(condition, [0, t++, 0], [batch, 1, filters]), [batch, filters]);
        const embedded = previous
          ? matMul(previous, kernel)
          : slice(kernel, [END_TOKEN, 0], [1, filters]);
        let h = add<Tensor2D>(embedded, told);
        for (const [i, { own, settings }] of convs.entries()) {
          const steps = past[i] as Tensor2D[];
          steps.push(h);
          h = add<Tensor2D>(h, causalConvStep(own, settings, params, steps));
        }
        return head.apply(params, h) as Tensor2D;
      };
    },
  };
}
