/**
 * Peak signal-to-noise ratio in decibels, for values in [0, peak]:
 *
 *   PSNR = 10 log10(peak^2 / mean squared error)
 *
 * Infinity where there is no difference. Of several images, either the ratio of their mean squared error
 * or the mean of their ratios is meant: they differ, so say which.
 */
import { portableLog } from '../math/portable.ts';
import type { Rows } from './rows.ts';

export function peakSignalToNoise(meanSquaredError: number, peak = 1): number {
  if (meanSquaredError === 0) return Infinity;
  return (10 * portableLog((peak * peak) / meanSquaredError)) / portableLog(10);
}

/** The mean squared difference of each row of a from that of b. [N] */
export function rowErrors(a: Rows, b: Rows): Float64Array {
  if (a.dim !== b.dim || a.count !== b.count) {
    throw new RangeError(
      `${String(a.count)} x ${String(a.dim)} and ${String(b.count)} x ${String(b.dim)} values.`,
    );
  }
  const errors = new Float64Array(a.count);
  for (let at = 0; at < a.data.length; at++) {
    const difference = (a.data[at] ?? 0) - (b.data[at] ?? 0);
    const i = Math.floor(at / a.dim);
    errors[i] = (errors[i] ?? 0) + (difference * difference) / a.dim;
  }
  return errors;
}
