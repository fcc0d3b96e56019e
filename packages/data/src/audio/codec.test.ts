import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { integerNoise, sine } from '../testing/sound.ts';
import type { MelFormat, MelScale } from './audioFormat.ts';
import { decodeAudio, encodeAudio, melDecibels } from './codec.ts';
import { hzToMel, melToHz } from './melFilters.ts';

interface Vectors {
  readonly samples: number;
  readonly sampleRate: number;
  readonly fftSize: number;
  readonly hop: number;
  readonly mels: number;
  readonly scales: readonly { name: MelScale; hz: number[]; mels: number[] }[];
  readonly spectrograms: readonly {
    lowestHz: number;
    highestHz: number;
    melScale: MelScale;
    decibels: number[];
  }[];
}

/** librosa's, made by tools/audio-vectors/make_vectors.py. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../../tools/audio-vectors/vectors.json', import.meta.url), 'utf8'),
) as Vectors;

const format: MelFormat = {
  kind: 'audio',
  features: 'mel',
  sampleRate: 8000,
  samples: 48 * 128,
  frames: 48,
  mels: 64,
  fftSize: 256,
  hop: 128,
  lowestHz: 0,
  highestHz: 4000,
  melScale: 'slaney',
  topDb: 20,
  rangeDb: 80,
};

it.each(vectors.scales)("has librosa's $name scale", ({ name, hz, mels }) => {
  for (const [i, each] of hz.entries()) {
    expect(hzToMel(each, name)).toBeCloseTo(mels[i] ?? NaN, 6);
    expect(melToHz(mels[i] ?? NaN, name)).toBeCloseTo(each, 4);
  }
});

it.each(vectors.spectrograms)(
  "has librosa's decibels, $melScale from $lowestHz to $highestHz Hz",
  ({ decibels, ...range }) => {
    const { samples, sampleRate, fftSize, hop, mels } = vectors;
    const settings = { ...format, samples, sampleRate, fftSize, hop, mels, ...range };
    const got = melDecibels(integerNoise(samples), { ...settings, frames: samples / hop });
    expect(got.length).toBe(decibels.length);
    // librosa's filters are float32.
    got.forEach((value, i) => {
      expect(Math.abs(value - (decibels[i] ?? NaN))).toBeLessThan(1e-5);
    });
  },
);

describe('a spectrogram of values from 0 to 1', () => {
  const sound = sine(440, { count: format.samples }).map((sample) => sample / 32768);
  const values = encodeAudio(Float32Array.from(sound), format);

  it('has a tone in the band of its frequency', () => {
    const frame = values.subarray(20 * format.mels, 21 * format.mels);
    const loudest = frame.indexOf(Math.max(...frame));
    const step = hzToMel(4000, 'slaney') / (format.mels + 1);
    expect(Math.abs((loudest + 1) * step - hzToMel(440, 'slaney'))).toBeLessThan(step);
  });

  it('ends short sound in silence, cuts long sound, and keeps within its limits', () => {
    const short = encodeAudio(Float32Array.from(sound.subarray(0, 2000)), format);
    expect(short.length).toBe(48 * 64);
    expect(short.subarray(18 * 64).every((value) => value === 0)).toBe(true);
    const long = Float32Array.from({ length: 9000 }, (_, i) => sound[i % sound.length] ?? 0);
    expect(encodeAudio(long, format).length).toBe(48 * 64);
    const loud = encodeAudio(
      Float32Array.from(sound, (sample) => 100 * sample),
      format,
    );
    expect([Math.min(...loud), Math.max(...loud)]).toEqual([0, 1]);
    expect(encodeAudio(new Float32Array(0), format).every((value) => value === 0)).toBe(true);
  });

  it('becomes sound with that spectrogram again, the same for the same seed', () => {
    const again = decodeAudio(values, format);
    expect(again.length).toBe(format.samples);
    const heard = encodeAudio(again, format);
    const loudEnough = values.map((value) => (value > 0.5 ? 1 : 0));
    const off = heard.map((value, i) => Math.abs(value - (values[i] ?? 0)) * (loudEnough[i] ?? 0));
    const mean =
      off.reduce((sum, each) => sum + each) / loudEnough.reduce((sum, each) => sum + each);
    expect(mean * format.rangeDb).toBeLessThan(1); // decibels, where it is loud
    expect(decodeAudio(values, format)).toEqual(again);
    expect(decodeAudio(values, format, { seed: 1 })).not.toEqual(again);
    expect(decodeAudio(values, format, { example: 1 })).not.toEqual(again);
  });

  it('is silence where it is 0', () => {
    expect(decodeAudio(new Float32Array(48 * 64), format).every((v) => v === 0)).toBe(true);
  });
});

it('scales raw samples by a number, there and back', () => {
  const raw = {
    kind: 'audio',
    features: 'raw',
    sampleRate: 8000,
    samples: 5,
    scale: 0.25,
  } as const;
  const values = encodeAudio(Float32Array.of(0.5, -0.25, 1), raw);
  expect([...values]).toEqual([2, -1, 4, 0, 0]);
  expect([...decodeAudio(values, raw)]).toEqual([0.5, -0.25, 1, 0, 0]);
});

describe("whatever the platform's functions give", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
  });

  it('gives the same bits', async () => {
    const noise = integerNoise(format.samples);
    const values = encodeAudio(noise, format);
    const sound = decodeAudio(values, format);
    for (const name of ['sin', 'cos', 'tan', 'log', 'log10', 'log2', 'exp', 'pow'] as const) {
      vi.spyOn(Math, name).mockReturnValue(0.1234);
    }
    vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new Error('Math.random');
    });
    vi.resetModules(); // no table survives
    const fresh = await import('./codec.ts');
    expect(fresh.encodeAudio(noise, format)).toEqual(values);
    expect(fresh.decodeAudio(values, format)).toEqual(sound);
  });
});
