import { expect, it } from 'vitest';
import { sine } from '../testing/sound.ts';
import { griffinLim } from './griffinLim.ts';
import { inverseStft, stft } from './stft.ts';

const settings = { fftSize: 128, hop: 32, frames: 40 };
const sound = sine(700, { count: 40 * 32, size: 1 }).map((_, n) => (n % 97) / 97 - (n % 31) / 31);

function magnitudesOf(spectra: Float64Array): Float64Array {
  return Float64Array.from({ length: spectra.length / 2 }, (_, i) =>
    Math.hypot(spectra[2 * i] ?? 0, spectra[2 * i + 1] ?? 0),
  );
}

it('has an inverse transform that gives the sound again', () => {
  inverseStft(stft(sound, settings), settings).forEach((sample, n) => {
    expect(sample).toBeCloseTo(sound[n] ?? NaN, 10);
  });
});

it('comes nearer to the magnitudes with each iteration, and faster with momentum', () => {
  const wanted = magnitudesOf(stft(sound, settings));
  const convergence = (iterations: number, momentum: number): number => {
    const made = griffinLim(wanted, settings, { iterations, momentum });
    const reached = magnitudesOf(stft(made, settings));
    const off = reached.reduce((sum, value, i) => sum + (value - (wanted[i] ?? 0)) ** 2, 0);
    return Math.sqrt(off / wanted.reduce((sum, value) => sum + value ** 2, 0));
  };
  // Griffin, Lim (1984), section III: the error does not grow.
  const plain = [0, 4, 16, 64].map((iterations) => convergence(iterations, 0));
  expect(plain).toEqual(plain.toSorted((a, b) => b - a));
  expect(convergence(64, 0.99)).toBeLessThan(plain[3] ?? 0);
  expect(convergence(64, 0.99)).toBeLessThan(0.25);
});
