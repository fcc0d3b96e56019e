/**
 * The short-time Fourier transform of an example and its inverse. Frame t is centered on sample t * hop,
 * with silence before the first and after the last sample: librosa's `center=True, pad_mode='constant'`,
 * less its last frame, so that there are samples / hop frames.
 *
 * Spectra are [frames, fftSize + 2]: real and imaginary part of bins 0 ... fftSize / 2.
 */
import { fourier } from './fourier.ts';
import { portableCosPi } from './portable.ts';

export interface StftSettings {
  /** A power of two. */
  readonly fftSize: number;
  readonly hop: number;
  readonly frames: number;
}

const windows = new Map<number, Float64Array>();

/** The periodic Hann window, [size]: 1/2 - 1/2 cos(2 pi n / size) */
function hannWindow(size: number): Float64Array {
  const known = windows.get(size);
  if (known) return known;
  const window = Float64Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * portableCosPi((2 * n) / size),
  );
  windows.set(size, window);
  return window;
}

export function stft(
  samples: Float32Array | Float64Array,
  { fftSize, hop, frames }: StftSettings,
): Float64Array {
  const transform = fourier(fftSize);
  const window = hannWindow(fftSize);
  const width = fftSize + 2;
  const spectra = new Float64Array(frames * width);
  const windowed = new Float64Array(fftSize);
  const out = new Float64Array(2 * fftSize);
  for (let frame = 0; frame < frames; frame++) {
    const first = frame * hop - fftSize / 2;
    for (let n = 0; n < fftSize; n++) windowed[n] = (samples[first + n] ?? 0) * (window[n] ?? 0);
    transform.realTransform(out, windowed);
    spectra.set(out.subarray(0, width), frame * width);
  }
  return spectra;
}

/**
 * The last samples lie under the end of one window alone. Divided by its square they would be hundreds of times as
 * loud as what the spectra say of them, which is a click where spectra are of no sound exactly; from here on they fade.
 */
const LEAST_WEIGHT = 0.1;

/**
 * [frames * hop] samples whose spectra are nearest, in squares, to those given, but for a fade at the very end: overlap
 * and add, divided by the sum of the squared windows. Griffin, Lim (1984), eq. 6.
 */
export function inverseStft(
  spectra: Float64Array,
  { fftSize, hop, frames }: StftSettings,
): Float64Array {
  const transform = fourier(fftSize);
  const window = hannWindow(fftSize);
  const width = fftSize + 2;
  const samples = new Float64Array(frames * hop);
  const weights = new Float64Array(frames * hop);
  const spectrum = new Float64Array(2 * fftSize);
  const out = new Float64Array(2 * fftSize);
  for (let frame = 0; frame < frames; frame++) {
    spectrum.set(spectra.subarray(frame * width, (frame + 1) * width));
    transform.completeSpectrum(spectrum);
    transform.inverseTransform(out, spectrum);
    const first = frame * hop - fftSize / 2;
    for (let n = Math.max(0, -first); n < fftSize && first + n < samples.length; n++) {
      const w = window[n] ?? 0;
      samples[first + n] = (samples[first + n] ?? 0) + (out[2 * n] ?? 0) * w;
      weights[first + n] = (weights[first + n] ?? 0) + w * w;
    }
  }
  for (let i = 0; i < samples.length; i++) {
    samples[i] = (samples[i] ?? 0) / Math.max(weights[i] ?? 0, LEAST_WEIGHT);
  }
  return samples;
}
