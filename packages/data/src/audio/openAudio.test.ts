import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openData, openMoreData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { sine, wavOf } from '../testing/sound.ts';
import { encodeAudio, melDecibels } from './codec.ts';
import { openAudio, type AudioSource } from './openAudio.ts';
import { readWav } from './readWav.ts';

const tone = (hz: number, count = 2000, size = 8000): Uint8Array =>
  wavOf([sine(hz, { count, size })]);

/** Files by their paths inside a temporary folder. */
async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await write(folder, name, bytes);
  }
  return folder;
}

const digits = {
  '0_ann_0.wav': tone(300),
  '0_ann_7.wav': tone(310, 2500),
  '1_bob_0.wav': tone(500),
  '1_bob_7.wav': tone(520, 2000, 16000),
  'README.md': new Uint8Array(3),
};
const patterns = {
  labelPattern: String.raw`(?<label>\d)_(?<speaker>\w+)_\d+\.wav$`,
  testPattern: String.raw`_[0-4]\.wav$`,
};

async function valuesOf(source: AudioSource, positions?: Uint32Array): Promise<Float32Array> {
  const size = source.shape.reduce((product, dim) => product * dim);
  const target = new Uint8Array(4 * size * (positions?.length ?? source.count));
  await source.read(target, positions);
  return new Float32Array(target.buffer);
}

describe('silence is 0', () => {
  const silent = wavOf([new Float64Array(2000)]);

  it('where there is nothing else, and sound is not', async () => {
    const opened = await openAudio(await folderOf({ 'a.wav': silent, 'b.wav': silent }));
    const source = await opened.fit(undefined);
    expect(new Set(await valuesOf(source))).toEqual(new Set([0]));
    const { samples } = readWav('loud.wav', tone(300));
    expect(Math.max(...encodeAudio(samples, source.format))).toBe(1);
  });

  it('beside sound too quiet for the whole range, whose loudest value is 1', async () => {
    const quiet = wavOf([sine(300, { count: 2000, size: 8 })]);
    const opened = await openAudio(await folderOf({ 'a.wav': silent, 'b.wav': quiet }));
    const source = await opened.fit(undefined);
    const { format } = source;
    if (format.features !== 'mel') throw new Error('mel is the default');
    const values = await valuesOf(source);
    const [first, second] = [
      values.subarray(0, values.length / 2),
      values.subarray(values.length / 2),
    ];
    expect(new Set(first)).toEqual(new Set([0]));
    expect(Math.max(...second)).toBe(1);
    expect(format.rangeDb).toBeLessThan(80);
    // docs/data.md: 1 for the loudest, 0 for the range below it, which ends at -100 dB.
    const { samples } = readWav('b.wav', quiet);
    melDecibels(samples, format).forEach((decibels, i) => {
      const share = 1 - (format.topDb - decibels) / (format.topDb + 100);
      expect(second[i]).toBeCloseTo(Math.max(0, share), 3);
    });
  });
});

describe('a folder', () => {
  it('has labels, groups and a test part by the names of its files', async () => {
    const opened = await openAudio(await folderOf(digits), patterns);
    expect(opened.count).toBe(4);
    expect([...(opened.labels ?? [])]).toEqual([0, 0, 1, 1]);
    expect(opened.classNames).toEqual(['0', '1']);
    expect([...(opened.test ?? [])]).toEqual([0, 2]);
    expect(await opened.groups('speaker')).toEqual(['ann', 'ann', 'bob', 'bob']);
    expect((await opened.groups('file')).length).toBe(4);
    await expectDataError(() => opened.groups('town'), 'DATA_OPTION', '"speaker"');
    expect(opened.notes).toEqual([]);
  });

  it('is fitted to its training part, and read as each file is by itself', async () => {
    const folder = await folderOf(digits);
    const opened = await openAudio(folder, patterns);
    const source = await opened.fit(Uint32Array.of(0, 1, 2));
    const { format } = source;
    if (format.features !== 'mel') throw new Error('mel is the default');
    // 2500 samples are 20 frames of 128, and 32 is the next multiple of 16.
    expect(source.shape).toEqual([32, 64, 1]);
    expect([format.sampleRate, format.fftSize, format.hop]).toEqual([8000, 256, 128]);
    const values = await valuesOf(source);
    const [size] = [32 * 64];
    for (const [i, name] of Object.keys(digits).slice(0, 4).entries()) {
      const { samples } = readWav(name, digits[name as keyof typeof digits]);
      expect(values.subarray(i * size, (i + 1) * size)).toEqual(encodeAudio(samples, format));
    }
    // The loudest of those trained on is just 1; the file that was left out is louder, and clipped.
    expect(Math.max(...values.subarray(0, 3 * size))).toBe(1);
    expect(values.filter((value) => value === 1).length).toBeGreaterThan(2);
    const all = await opened.fit(undefined);
    expect(all.format).not.toEqual(format);
    expect(JSON.parse(JSON.stringify(format))).toEqual(format);
  });

  it('is read at any positions, and with the format of a run', async () => {
    const folder = await folderOf(digits);
    const source = await (await openAudio(folder, patterns)).fit(undefined);
    const all = await valuesOf(source);
    const some = await valuesOf(source, Uint32Array.of(1, 3));
    const size = all.length / 4;
    expect(some.subarray(0, size)).toEqual(all.subarray(size, 2 * size));
    expect(some.subarray(size)).toEqual(all.subarray(3 * size));

    const other = await folderOf({ '1_eve_9.wav': tone(500, 9000) });
    const again = await (await openAudio(other, { format: source.format })).fit(undefined);
    expect(again.format).toBe(source.format);
    expect([...(again.labels ?? [])]).toEqual([1]);
    expect(again.notes).toEqual(['1 of 1 recording is longer than 0.512 s, and cut']);
    // Whoever has a trained model need not know labels, nor have a test part.
    const nameless = await folderOf({ 'a.wav': tone(500), '1_eve_9.wav': tone(500) });
    const unlabelled = await openAudio(nameless, { ...patterns, format: source.format });
    expect([...(unlabelled.labels ?? [])]).toEqual([1, -1]);
    expect(unlabelled.test).toBeUndefined();
    const unknown = await folderOf({ '7_eve_9.wav': tone(500) });
    await expectDataError(
      () => openAudio(unknown, { format: source.format }),
      'DATA_UNKNOWN_CLASS',
      '"7"',
    );
  });

  it('is more data for a trained model, its test part and all', async () => {
    const folder = await folderOf(digits);
    const data = await openData(`audio:${folder}`, { read: patterns });
    expect([data.train.count, data.test.count]).toEqual([2, 2]);
    expect(data.notes).toEqual([]);
    const more = await openMoreData(`audio:${folder}`, { read: patterns }, data.train);
    expect(more.info.count).toBe(4);
    expect([...(more.labels ?? [])]).toEqual([0, 0, 1, 1]);
    const long = await folderOf({ '0_eve_9.wav': tone(300), '1_eve_9.wav': tone(500, 9000) });
    const cut = ['1 of 2 recordings is longer than 0.512 s, and cut'];
    expect((await openMoreData(`audio:${long}`, {}, data.train)).notes).toEqual(cut);
    const own = await openData(`audio:${long}`, { read: { seconds: 0.512 }, holdOut: 0.5 });
    expect(own.notes).toEqual(cut);
  });

  it('has its subfolders as classes, and train/ and test/ as parts', async () => {
    const sounds = {
      'train/cat/1.wav': tone(300),
      'train/dog/1.wav': tone(500),
      'test/dog/2.wav': tone(510),
    };
    const opened = await openAudio(await folderOf(sounds));
    expect(opened.classNames).toEqual(['cat', 'dog']);
    expect([...(opened.labels ?? [])]).toEqual([1, 0, 1]);
    expect([...(opened.test ?? [])]).toEqual([0]);
  });

  it('takes other rates and stereo, and says so', async () => {
    const stereo = wavOf([sine(300, { rate: 16000 }), sine(300, { rate: 16000 })], { rate: 16000 });
    const opened = await openAudio(await folderOf({ 'a.wav': tone(300), 'b.wav': stereo }));
    expect(opened.labels).toBeUndefined();
    expect(opened.notes).toEqual([
      '1 of 2 recordings has several channels, whose mean is taken',
      '1 of 2 recordings is resampled to 8000 Hz',
    ]);
    const source = await opened.fit(undefined);
    const values = await valuesOf(source);
    const frame = (example: number) => {
      const at = example * (values.length / 2) + 5 * 64;
      return values.subarray(at, at + 64);
    };
    const loudest = (row: Float32Array) => row.indexOf(Math.max(...row));
    expect(loudest(frame(0))).toBe(loudest(frame(1)));
  });

  it('may hold raw samples', async () => {
    const source = await (
      await openAudio(await folderOf({ 'a.wav': tone(300) }), { features: 'raw', seconds: 0.2 })
    ).fit(undefined);
    expect(source.shape).toEqual([1600]);
    const values = await valuesOf(source);
    const power = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(power).toBeCloseTo(1, 5);
  });
});

describe('one long recording', () => {
  it('is cut into windows, each read by itself', async () => {
    const folder = await temporaryFolder();
    const long = Float64Array.from({ length: 20_000 }, (_, n) => ((n * n) % 3001) - 1500);
    const path = await write(folder, 'long.wav', wavOf([long]));
    const opened = await openAudio(path, { features: 'raw', seconds: 0.5, every: 0.25 });
    expect(opened.count).toBe(9); // (20,000 - 4,000) / 2,000 + 1
    const source = await opened.fit(undefined);
    const { format } = source;
    if (format.features !== 'raw') throw new Error('raw was asked for');
    const values = await valuesOf(source);
    for (const [at, first] of [0, 2000, 4000].entries()) {
      const wanted = Float32Array.from(long.subarray(first, first + 4000), (v) => v / 32768);
      const got = values.subarray(at * 4000, (at + 1) * 4000);
      expect(got).toEqual(wanted.map((value) => value / format.scale));
    }
    const again = await openAudio(path, { format });
    expect(again.count).toBe(9);
    expect((await openAudio(path)).count).toBe(2); // whole seconds, or nearly so
  });
});

describe('what is wrong is said', () => {
  it.each([
    ['no sample rate', { sampleRate: 0 }, 'sampleRate'],
    ['no length', { seconds: 0 }, 'seconds'],
    ['no distance', { every: -1 }, 'every'],
    ['an FFT that is no power of two', { fftSize: 300 }, 'power of two'],
    ['frames too far apart', { fftSize: 256, hop: 200 }, 'hop'],
    ['frequencies above half of the rate', { highestHz: 8000 }, '4000'],
    ['frequencies in the wrong order', { lowestHz: 3000, highestHz: 200 }, 'lowestHz'],
    ['more mels than bins', { mels: 200 }, 'mels'],
    ['no range', { rangeDb: 0 }, 'rangeDb'],
    ['an unknown scale', { melScale: 'bark' as 'htk' }, 'bark'],
    ['unknown features', { features: 'mfcc' as 'raw' }, 'mfcc'],
    ['mels of raw samples', { features: 'raw', mels: 40 } as const, 'raw samples'],
    ['no pattern', { labelPattern: '(' }, 'regular expression'],
    ['a test pattern that matches nothing', { testPattern: 'x' }, '0 of 4'],
  ] as const)('%s', async (_, options, mention) => {
    const folder = await folderOf(digits);
    await expectDataError(() => openAudio(folder, options), 'DATA_OPTION', mention);
  });

  it('a broken file by its name, when the folder is opened', async () => {
    const folder = await folderOf({ ...digits, '1_eve_0.wav': tone(500).subarray(0, 1000) });
    await expectDataError(() => openAudio(folder, patterns), 'DATA_TRUNCATED', '1_eve_0.wav');
  });

  it('a broken sample by its name, when it is read', async () => {
    const folder = await folderOf({ 'a.wav': wavOf([[0.5, Infinity]], { bits: '32f' }) });
    const opened = await openAudio(folder);
    await expectDataError(() => opened.fit(undefined), 'DATA_BROKEN_AUDIO', 'a.wav', 'Infinity');
  });

  it('folders without recordings, with both kinds, and names without a label', async () => {
    const sound = tone(300);
    const none = await folderOf({ 'a.mp3': sound });
    await expectDataError(() => openAudio(none), 'DATA_EMPTY', 'ffmpeg');
    const both = await folderOf({ 'a.wav': sound, 'b/c.wav': sound });
    await expectDataError(() => openAudio(both), 'DATA_AMBIGUOUS');
    const odd = await folderOf({ ...digits, 'readme.wav': sound });
    await expectDataError(() => openAudio(odd, patterns), 'DATA_BAD_LABEL', 'readme.wav');
    await expectDataError(() => openAudio(join(none, 'b')), 'DATA_NOT_FOUND');
    const opened = await openAudio(await folderOf(digits), patterns);
    await expectDataError(() => opened.fit(new Uint32Array(0)), 'DATA_EMPTY');
  });

  it('long recordings that nobody asked to be one example each: how they are cut', async () => {
    const folder = await folderOf({ 'a.wav': tone(300, 31 * 8000) });
    const said = /^each example is 3\d\.\d+ s long.*--read every=1 .*--read seconds=1 /;
    const source = await (await openAudio(folder)).fit(undefined);
    expect(source.notes).toEqual([expect.stringMatching(said)]);
    expect((await openData(folder, { test: folder })).notes).toEqual(source.notes);
    for (const options of [{ seconds: 31 }, { every: 31 }, { format: source.format }]) {
      const asked = await (await openAudio(folder, options)).fit(undefined);
      expect(asked.notes).toEqual([]);
    }
    const short = await openAudio(await folderOf({ 'a.wav': tone(300, 29 * 8000) }));
    expect((await short.fit(undefined)).notes).toEqual([]);
  });

  it('silence, which as raw sound has no scale', async () => {
    const folder = await folderOf({ 'a.wav': wavOf([new Float64Array(100)]) });
    const opened = await openAudio(folder, { features: 'raw' });
    await expectDataError(() => opened.fit(undefined), 'DATA_EMPTY', 'silence');
  });
});
