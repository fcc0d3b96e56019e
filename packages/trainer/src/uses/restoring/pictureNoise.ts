/**
 * Noise on clean examples, values in [0, 1], as preset `denoising` damages what it learns from: Gaussian
 * noise takes values beyond 0 and 1, which a picture's file would clip.
 *
 *   gaussian:s   x + s e, e ~ N(0, 1)
 *   mask:p       a share p of the values is 0
 *   salt:p       a share p of the values is 0 or 1, as often the one as the other
 *
 * Counter-based: the same seed damages the same example alike, whatever is around it.
 */
import { fillNoise } from '@lockstep/core';
import { ConfigError } from '../../errors.ts';

export const NOISE_KINDS = ['gaussian', 'mask', 'salt'] as const;

export interface PictureNoise {
  readonly kind: (typeof NOISE_KINDS)[number];
  /** Standard deviation, or share of the values. */
  readonly level: number;
}

/** Apart from those that models draw in `sample`. */
const STREAM = 60;

/** @throws ConfigError */
export function parseNoise(text: string): PictureNoise {
  const [, name, number] = /^([a-z]+):(\d*\.?\d+)$/.exec(text) ?? [];
  const kind = NOISE_KINDS.find((each) => each === name);
  const level = Number(number);
  if (kind && level > 0 && (kind === 'gaussian' || level < 1)) return { kind, level };
  throw new ConfigError({
    code: 'CONFIG_NOISE',
    where: '--noise',
    expected: 'gaussian:DEVIATION, mask:SHARE or salt:SHARE, such as gaussian:0.3',
    got: text,
    fix: 'Choose one of these, with a number greater than 0; a share is less than 1.',
  });
}

/** A damaged copy. @param data of examples of `size` values each */
export function addNoise(
  data: Float32Array,
  size: number,
  { kind, level }: PictureNoise,
  seed: number,
): Float32Array<ArrayBuffer> {
  const damaged = Float32Array.from(data);
  const noise = new Float32Array(size);
  const distribution = kind === 'gaussian' ? 'normal' : 'uniform';
  for (let example = 0; example * size < data.length; example++) {
    fillNoise(noise, distribution, { seed, kind: 'sampling', stream: STREAM, epoch: 0, example });
    for (let i = 0; i < size; i++) {
      const at = example * size + i;
      damaged[at] = damagedValue(data[at] ?? 0, noise[i] ?? 0, { kind, level });
    }
  }
  return damaged;
}

function damagedValue(x: number, noise: number, { kind, level }: PictureNoise): number {
  if (kind === 'gaussian') return x + level * noise;
  if (noise >= level) return x;
  return kind === 'salt' && noise < level / 2 ? 1 : 0;
}
