/**
 * From energies on the mel scale back to a spectrum of powers: the non-negative least squares problem
 * min |W p - m|, p >= 0, by multiplicative updates, which keep p non-negative and smooth where W says
 * nothing (Lee, Seung: "Algorithms for Non-negative Matrix Factorization" (2000), eq. 4, with W fixed).
 */
import type { MelFilter } from './melFilters.ts';

const ITERATIONS = 64;
const TINY = 1e-30;

/** `energies` [frames, mels] -> powers [frames, bins] */
export function invertMel(
  energies: Float64Array,
  filters: readonly MelFilter[],
  bins: number,
): Float64Array {
  const mels = filters.length;
  const frames = energies.length / mels;
  const powers = new Float64Array(frames * bins);
  const wanted = new Float64Array(bins);
  const reached = new Float64Array(bins);
  const flat = spread(filters, new Float64Array(mels).fill(1), new Float64Array(bins));
  for (let frame = 0; frame < frames; frame++) {
    const power = powers.subarray(frame * bins, (frame + 1) * bins);
    const energy = energies.subarray(frame * mels, (frame + 1) * mels);
    spread(filters, energy, wanted);
    // The mean of the filters that see a bin, as a spectrum that has that energy everywhere.
    for (let b = 0; b < bins; b++) power[b] = (wanted[b] ?? 0) / Math.max(flat[b] ?? 0, TINY);
    for (let i = 0; i < ITERATIONS; i++) {
      spread(filters, melEnergies(filters, power, new Float64Array(mels)), reached);
      for (let b = 0; b < bins; b++) {
        power[b] = ((power[b] ?? 0) * (wanted[b] ?? 0)) / Math.max(reached[b] ?? 0, TINY);
      }
    }
  }
  return powers;
}

/** W p: one frame's powers [bins] -> `out` [mels] */
export function melEnergies(
  filters: readonly MelFilter[],
  powers: Float64Array,
  out: Float64Array,
): Float64Array {
  for (const [m, { first, weights }] of filters.entries()) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (powers[first + i] ?? 0);
    out[m] = sum;
  }
  return out;
}

/** The transpose of W: [mels] -> `out` [bins] */
function spread(
  filters: readonly MelFilter[],
  energies: Float64Array,
  out: Float64Array,
): Float64Array {
  out.fill(0);
  for (const [m, { first, weights }] of filters.entries()) {
    const energy = energies[m] ?? 0;
    for (let i = 0; i < weights.length; i++) {
      out[first + i] = (out[first + i] ?? 0) + (weights[i] ?? 0) * energy;
    }
  }
  return out;
}
