import { describe, expect, it } from 'vitest';
import type { DataErrorCode } from '../errors.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { sine, wavOf, type WavBits } from '../testing/sound.ts';
import { readWav } from './readWav.ts';
import { writeWav } from './writeWav.ts';

const left = sine(440, { count: 200 });
const right = sine(1000, { count: 200, size: 8000 });

describe('WAV files that another library wrote', () => {
  it.each([
    ['8', 1 / 256, 128, 1 / 128],
    ['16', 1, 0, 2 ** -15],
    ['24', 256, 0, 2 ** -23],
    ['32', 65536, 0, 2 ** -31],
    ['32f', 2 ** -15, 0, 1],
    ['64', 2 ** -15, 0, 1],
  ] as const)('%s bits', (bits, scale, offset, unit) => {
    const stored = left.map((sample) => {
      const value = sample * scale + offset;
      return bits === '32f' || bits === '64' ? value : Math.round(value);
    });
    const { sampleRate, samples } = readWav('a.wav', wavOf([stored], { rate: 11025, bits }));
    expect(sampleRate).toBe(11025);
    expect(samples).toEqual(Float32Array.from(stored, (value) => (value - offset) * unit));
  });

  it.each(['8a', '8m'] as const)('%s: 8 bits of a logarithm', (bits) => {
    const { samples } = readWav('a.wav', wavOf([left], { bits }));
    samples.forEach((sample, n) => {
      const wanted = (left[n] ?? 0) / 32768;
      expect(Math.abs(sample - wanted)).toBeLessThan(0.033 * Math.abs(wanted) + 0.0006);
    });
  });

  it('stereo becomes the mean of both channels', () => {
    const { samples } = readWav('a.wav', wavOf([left, right]));
    const mean = Float32Array.from(left, (sample, n) => (sample + (right[n] ?? 0)) / 2 / 32768);
    expect(samples).toEqual(mean);
  });

  it('resamples where asked', () => {
    const { sampleRate, samples } = readWav('a.wav', wavOf([left]), 16000);
    expect([sampleRate, samples.length]).toEqual([16000, 400]);
  });
});

it('reads what it writes, clipped at full scale', () => {
  const bytes = writeWav([0, 0.5, -0.5, 2, -2, NaN], 22050);
  const { sampleRate, samples } = readWav('a.wav', bytes);
  expect(sampleRate).toBe(22050);
  const q = 32767 / 32768;
  [0, 0.5, -0.5, q, -q, 0].forEach((wanted, n) => {
    expect(samples[n]).toBeCloseTo(wanted, 4);
  });
});

describe('broken files are told from one another', () => {
  const good = wavOf([left, right]);
  /** With bytes changed: little-endian values of 2 or 4 bytes, or text. */
  const changed = (at: number, value: number | string, bytes = 4): Uint8Array => {
    const copy = Buffer.from(good);
    if (typeof value === 'string') copy.write(value, at, 'latin1');
    else copy.writeUIntLE(value, at, bytes);
    return copy;
  };
  const cases: readonly [string, Uint8Array, DataErrorCode, readonly string[]][] = [
    ['an empty file', new Uint8Array(0), 'DATA_BROKEN_AUDIO', ['empty']],
    ['an MP3', changed(0, 'ID3\x04'), 'DATA_BROKEN_AUDIO', ['MP3']],
    ['a FLAC', changed(0, 'fLaC'), 'DATA_BROKEN_AUDIO', ['FLAC', 'ffmpeg']],
    ['big-endian', changed(0, 'RIFX'), 'DATA_BROKEN_AUDIO', ['big-endian']],
    ['noise', changed(0, '\x01\x02\x03\x04'), 'DATA_BROKEN_AUDIO', ['01 02 03 04']],
    ['a video', changed(8, 'AVI '), 'DATA_BROKEN_AUDIO', ['"AVI "']],
    ['cut in its first bytes', good.subarray(0, 7), 'DATA_TRUNCATED', ['7 bytes']],
    ['cut before its format', good.subarray(0, 20), 'DATA_TRUNCATED', ['"fmt "', '16 bytes']],
    ['cut after its format', good.subarray(0, 36), 'DATA_BROKEN_AUDIO', ['"data" chunk', '"fmt "']],
    ['cut in its samples', good.subarray(0, 500), 'DATA_TRUNCATED', ['800 bytes', '456']],
    ['no format', changed(12, 'junk'), 'DATA_BROKEN_AUDIO', ['"fmt " chunk before']],
    ['no samples', changed(36, 'junk'), 'DATA_BROKEN_AUDIO', ['"data" chunk']],
    ['a format too short', changed(16, 4), 'DATA_BROKEN_AUDIO', ['16 bytes']],
    ['no channel', changed(22, 0, 2), 'DATA_BROKEN_AUDIO', ['one channel']],
    ['no sample rate', changed(24, 0), 'DATA_BROKEN_AUDIO', ['sample rate']],
    ['a sample rate of gigahertz', changed(24, 2e9), 'DATA_BROKEN_AUDIO', ['2000000000']],
    ['12 bits', changed(34, 12, 2), 'DATA_AUDIO_FORMAT', ['PCM of 12 bits']],
    ['MP3 inside WAV', changed(20, 0x55, 2), 'DATA_AUDIO_FORMAT', ['MP3']],
    ['an unknown format', changed(20, 0x1234, 2), 'DATA_AUDIO_FORMAT', ['0x1234']],
    ['ADPCM', wavOf([left], { bits: '4' }), 'DATA_AUDIO_FORMAT', ['IMA ADPCM']],
    ['frames of a wrong size', changed(32, 3, 2), 'DATA_BROKEN_AUDIO', ['4 bytes a frame', '3']],
    ['half a frame', changed(40, 798), 'DATA_BROKEN_AUDIO', ['whole frames', '798']],
    ['a recording that was not finished', changed(40, 0), 'DATA_BROKEN_AUDIO', ['did not finish']],
    ['no sound', wavOf([[]]), 'DATA_EMPTY', ['one sample']],
    [
      'a sample that is no number',
      wavOf([[0, NaN]], { bits: '32f' }),
      'DATA_BROKEN_AUDIO',
      ['NaN'],
    ],
  ];

  it.each(cases)('%s', async (_, bytes, code, mentions) => {
    const error = await expectDataError(() => readWav('some.wav', bytes), code, ...mentions);
    expect(error.where).toBe('some.wav');
  });

  it('takes a length that its writer did not know for the rest of the file', () => {
    expect(readWav('a.wav', changed(40, 0xffffffff)).samples.length).toBe(200);
  });

  it.each(['16', '24', '32f'] satisfies WavBits[])('skips other chunks, extensible %s', (bits) => {
    const stored = [left, left, left]; // more than two channels are written as extensible
    const file = Buffer.from(wavOf(stored, { bits }));
    const extra = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1'); // odd, and padded
    const bytes = Buffer.concat([file.subarray(0, 12), extra, file.subarray(12)]);
    expect(readWav('a.wav', bytes).samples.length).toBe(200);
  });
});
