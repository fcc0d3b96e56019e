/**
 * Corruption of an input as training noise: what comes behind this layer learns from damaged examples,
 * while the loss scores the whole ones. Vincent et al.: "Extracting and Composing Robust Features with
 * Denoising Autoencoders" (2008), section 2.3; Im et al.: "Denoising Criterion for Variational
 * Auto-Encoding Framework" (2017), eq. 9.
 *
 *   gaussian         x + level * eps
 *   masking          each value is 0 with probability `level`
 *   salt-and-pepper  each value is 0 or 1, either with probability level / 2
 */
import { add, clone, mul, step, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import type { ExampleShape, NamedTensors, NoiseSpec } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Layer } from './layer.ts';

export const corruptions = ['gaussian', 'masking', 'salt-and-pepper'] as const;
export type Corruption = (typeof corruptions)[number];

export interface CorruptOptions {
  readonly inputShape: ExampleShape;
  readonly kind: Corruption;
  /** Standard deviation, or the share of the values: in [0, 1]. */
  readonly level: number;
}

export interface CorruptLayer extends Layer {
  readonly noise: Readonly<Record<string, NoiseSpec>>;
  /** What `train` makes of x, for those who want damaged examples: [B, ...inputShape], new. */
  corrupt(x: Tensor, noise: NamedTensors): Tensor;
}

/** Noise `<name>/u` or `<name>/eps`. Outside training x is left as it is. Throws MODEL_LAYER_OPTION. */
export function corrupt(name: string, { inputShape, kind, level }: CorruptOptions): CorruptLayer {
  if (!(level >= 0 && (kind === 'gaussian' ? level < Infinity : level <= 1))) {
    throw new ModelError({
      code: 'MODEL_LAYER_OPTION',
      where: `layer "${name}", level`,
      expected: kind === 'gaussian' ? 'a finite number, 0 or more' : 'a share from 0 to 1',
      got: String(level),
      fix: 'Set it to 0.25, for example.',
    });
  }
  const distribution = kind === 'gaussian' ? 'normal' : 'uniform';
  const noiseName = `${name}/${kind === 'gaussian' ? 'eps' : 'u'}`;
  const damaged = (x: Tensor, noise: NamedTensors): Tensor =>
    tidy(name, () => {
      const drawn = requireTensor('noise', noise, noiseName);
      if (kind === 'gaussian') return add(x, mul(drawn, level));
      if (kind === 'masking') return mul(x, step(sub(drawn, level)));
      const ones = step(sub(level / 2, drawn)); // u < level / 2
      const kept = mul(sub(1, ones), step(sub(1 - level / 2, drawn)));
      return add(mul(x, kept), ones);
    });
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [],
    noise: { [noiseName]: { shape: inputShape, distribution } },
    apply: (_params, x) => clone(x),
    train: (_params, x, { noise }) => ({ y: damaged(x, noise), statistics: {} }),
    corrupt: damaged,
  };
}
