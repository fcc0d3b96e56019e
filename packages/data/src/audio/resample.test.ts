import { expect, it } from 'vitest';
import { inputRange, resample, resampledLength, resampler } from './resample.ts';

const tone = (hz: number, rate: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate));

function whole(input: Float32Array, from: number, to: number): Float32Array {
  const by = resampler(from, to);
  if (!by) return input;
  return resample(by, input, { start: 0, first: 0, count: resampledLength(input.length, by) });
}

it.each([
  [44_100, 16_000, 1000],
  [8000, 16_000, 3500],
  [48_000, 8000, 3500],
  [16_000, 22_050, 100],
  [11_025, 8000, 3000],
])('keeps a tone from %d to %d Hz, to -80 dB', (from, to, hz) => {
  const out = whole(tone(hz, from, from / 2), from, to);
  expect(out.length).toBe(Math.ceil(to / 2));
  const expected = tone(hz, to, out.length);
  // Near the ends, what lies beyond is taken for silence.
  for (let n = 1000; n < out.length - 1000; n++) {
    expect(Math.abs((out[n] ?? 0) - (expected[n] ?? 0))).toBeLessThan(1e-4);
  }
});

it('lets nothing through above half of the new rate: no aliases', () => {
  const out = whole(tone(6000, 44_100, 44_100), 44_100, 8000);
  expect(Math.max(...out.subarray(1000, 7000).map(Math.abs))).toBeLessThan(1e-4);
});

it('gives a piece the bits that it has in the whole', () => {
  const input = tone(440, 44_100, 20_000);
  const by = resampler(44_100, 8000);
  if (!by) throw new Error('rates differ');
  const all = whole(input, 44_100, 8000);
  const { start, end } = inputRange(by, 1000, 500);
  const piece = resample(by, input.subarray(start, end), { start, first: 1000, count: 500 });
  expect(piece).toEqual(all.subarray(1000, 1500));
});

it('does nothing where the rates are the same', () => {
  expect(resampler(8000, 8000)).toBeUndefined();
});
