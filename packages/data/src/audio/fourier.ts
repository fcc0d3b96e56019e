/**
 * Fourier transforms by fft.js, whose table of twiddle factors is replaced: it takes them from `Math.cos`,
 * which differs between versions of Node, and so would everything that is trained on spectra. The rest of
 * it is additions and multiplications.
 */
import FFT from 'fft.js';
import { portableCosPi, portableSinPi } from './portable.ts';

/** What is used of fft.js. Complex arrays hold real and imaginary parts in turn, [2 * size]. */
export interface Fourier {
  readonly size: number;
  /** Fills the first half of `out` and its middle: bins 0 to size / 2. */
  realTransform(out: Float64Array, data: Float64Array): void;
  /** Needs all of `data`; see `completeSpectrum`. */
  inverseTransform(out: Float64Array, data: Float64Array): void;
  completeSpectrum(spectrum: Float64Array): void;
}

const made = new Map<number, Fourier>();

/** `size` is a power of two, 4 or more. */
export function fourier(size: number): Fourier {
  const known = made.get(size);
  if (known) return known;
  const transform = new FFT(size) as Fourier & { table: number[] };
  transform.table = Array.from({ length: 2 * size }, (_, i) => {
    const halfTurns = (i - (i % 2)) / size;
    return i % 2 === 0 ? portableCosPi(halfTurns) : -portableSinPi(halfTurns);
  });
  made.set(size, transform);
  return transform;
}
