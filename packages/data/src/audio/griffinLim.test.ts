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
  const made = inverseStft(stft(sound, settings), settings);
  // The last samples fade: fewer than a hop.
  for (let n = 0; n < made.length - settings.hop; n++) {
    expect(made[n]).toBeCloseTo(sound[n] ?? NaN, 10);
  }
  for (let n = made.length - settings.hop; n < made.length; n++) {
    expect(Math.abs(made[n] ?? NaN)).toBeLessThanOrEqual(Math.abs(sound[n] ?? NaN) + 1e-10);
  }
});

it('of spectra that no sound has ends without a click', () => {
  const [fftSize, hop, frames] = [256, 128, 24];
  const bins = fftSize / 2 + 1;
  const magnitudes = Float64Array.from({ length: frames * bins }, (_, i) => (i * 7919) % 97);
  const made = griffinLim(magnitudes, { fftSize, hop, frames });
  const loudest = (from: number, to: number): number =>
    Math.max(...made.slice(from, to).map(Math.abs));
  const end = made.length;
  expect(loudest(end - hop, end)).toBeLessThan(1.5 * loudest(hop, end - 2 * hop));
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
