/**
 * Band-limited resampling by any ratio of integers: a windowed sinc, evaluated exactly at the phases that
 * occur (J. O. Smith: "Digital Audio Resampling"). Output sample k stands for the time of sample 0 plus k
 * periods of the new rate, and depends on its neighbourhood alone, so that a piece of a long recording
 * resampled by itself has the same bits as in the whole.
 *
 * Kaiser window with 64 zero crossings to a side and beta 9: aliases are 90 dB down; the pass band ends at
 * 95% of the lower rate's half.
 */
import { portableSinPi } from './portable.ts';

const ZERO_CROSSINGS = 64;
const BETA = 9;
const ROLL_OFF = 0.95;

export interface Resampler {
  readonly up: number;
  readonly down: number;
  /** Samples that an output needs on each side of its place. */
  readonly reach: number;
  /** Weights of the 2 * reach samples around an output that lies `phase` / up after a sample. */
  taps(phase: number): Float64Array;
}

const made = new Map<string, Resampler>();

/** Undefined where both rates, positive integers, are the same. */
export function resampler(fromRate: number, toRate: number): Resampler | undefined {
  if (fromRate === toRate) return undefined;
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const [up, down] = [toRate / divisor, fromRate / divisor];
  const key = `${up}/${down}`;
  const known = made.get(key);
  if (known) return known;
  const cutoff = Math.min(1, up / down) * ROLL_OFF;
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff);
  const phases = new Map<number, Float64Array>();
  const taps = (phase: number): Float64Array => {
    const weights = phases.get(phase) ?? phaseTaps(phase / up, cutoff, reach);
    phases.set(phase, weights);
    return weights;
  };
  const result = { up, down, reach, taps };
  made.set(key, result);
  return result;
}

/** How many samples become of `count`. */
export function resampledLength(count: number, { up, down }: Resampler): number {
  return Math.ceil((count * up) / down);
}

/** The input samples that outputs `first` ... `first + count - 1` need; may reach out of the recording. */
export function inputRange(
  { up, down, reach }: Resampler,
  first: number,
  count: number,
): { readonly start: number; readonly end: number } {
  const start = Math.floor((first * down) / up) - reach + 1;
  const end = Math.floor(((first + count - 1) * down) / up) + reach + 1;
  return { start, end };
}

/** `input` begins at sample `start` of the recording; what lies outside of it is silence. */
export function resample(
  { up, down, reach, taps }: Resampler,
  input: Float32Array,
  {
    start,
    first,
    count,
  }: { readonly start: number; readonly first: number; readonly count: number },
): Float32Array {
  const out = new Float32Array(count);
  for (let k = 0; k < count; k++) {
    const place = (first + k) * down;
    const before = Math.floor(place / up);
    const weights = taps(place - before * up);
    const from = before - reach + 1 - start;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (input[from + i] ?? 0);
    out[k] = sum;
  }
  return out;
}

/** Weights of samples -reach + 1 ... reach around an output `fraction` after sample 0; their sum is 1. */
function phaseTaps(fraction: number, cutoff: number, reach: number): Float64Array {
  const weights = new Float64Array(2 * reach);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const distance = i - reach + 1 - fraction;
    const share = distance / reach;
    if (share >= 1 || share <= -1) continue;
    weights[i] = sinc(cutoff * distance) * bessel(BETA * Math.sqrt(1 - share * share));
    sum += weights[i] ?? 0;
  }
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / sum;
  return weights;
}

function sinc(t: number): number {
  return t === 0 ? 1 : portableSinPi(t) / (3.141592653589793 * t);
}

/** I0 by its power series, for the Kaiser window. */
function bessel(x: number): number {
  const square = (x * x) / 4;
  let [term, sum] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term = (term * square) / (k * k);
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
