import { encode as encodePng } from 'fast-png';
import type { DataFormat } from '@lockstep/data';
import { describe, expect, it } from 'vitest';
import { exampleCodec } from './exampleCodec.ts';

const refusal = (work: () => unknown): Record<string, string> => {
  try {
    work();
  } catch (error) {
    return error as Record<string, string>;
  }
  throw new Error('nothing was refused');
};

describe('rows of a table', () => {
  const format: DataFormat = {
    kind: 'table',
    header: true,
    decimal: '.',
    missing: [],
    columns: [
      { name: 'age', kind: 'numeric', missing: true, mean: 40, deviation: 10, decimals: 0 },
      { name: 'town', kind: 'categorical', missing: false, categories: ['Ulm', 'Bonn'] },
      { name: 'fraud', kind: 'label', categories: ['no', 'yes'] },
    ],
  };
  const codec = exampleCodec(format, { shape: [2] });

  it('are objects', () => {
    expect([...codec.encode({ age: 50, town: 'Bonn' }, 'inputs[0]')]).toEqual([1, 1]);
    expect([...codec.encode({ age: null, town: 'Ulm' }, 'inputs[0]')]).toEqual([NaN, 0]);
    expect(codec.decode(Float32Array.of(-1, 0), 'x')).toEqual({ age: 30, town: 'Ulm' });
    expect([...codec.encode(codec.example, 'x')]).toEqual([0, 0]);
  });

  it.each<[string, unknown, string]>([
    ['an unknown category', { age: 50, town: 'Rom' }, 'DATA_TABLE_UNSEEN'],
    ['a column too few', { age: 50 }, 'DATA_TABLE_COLUMNS'],
    ['a column too many', { age: 50, town: 'Ulm', shoe: 43 }, 'DATA_TABLE_COLUMNS'],
    ['a list', [50, 'Ulm'], 'SERVE_INPUT'],
    ['a list in it', { age: [50], town: 'Ulm' }, 'SERVE_INPUT'],
  ])('%s is refused', (_, row, code) => {
    const error = refusal(() => codec.encode(row, 'inputs[3]'));
    expect(error).toMatchObject({ name: 'InputError', code });
    expect(error['where']).toMatch(/^inputs\[3\](, column "\w+")?$/);
  });
});

describe('a value that is finite in the model alone is refused, never answered by null:', () => {
  const scaled = { missing: false, mean: 0, deviation: 1 };
  const format: DataFormat = {
    kind: 'table',
    header: true,
    decimal: '.',
    missing: [],
    columns: [
      { name: 'wage', kind: 'log', ...scaled },
      { name: 'born', kind: 'date', unit: 'day', order: 'ymd', ...scaled },
    ],
  };
  const codec = exampleCodec(format, { shape: [2] });

  it.each([
    ['a logarithm', 'wage', [1e4, 0]],
    ['a negative one', 'wage', [-1e4, 0]],
    ['a day', 'born', [0, 1e30]],
  ])('%s', (_, column, values) => {
    expect(codec.decode(Float32Array.of(1, 0), 'x')).toMatchObject({ born: '1970-01-01' });
    const error = refusal(() => codec.decode(Float32Array.from(values), 'inputs[2]'));
    expect(error).toMatchObject({ code: 'SERVE_NOT_FINITE', where: 'inputs[2]' });
    expect(error['got']).toContain(`"${column}"`);
  });
});

it('text is a string', () => {
  const vocabulary = ['', '\ufffd', 'a', 'b'];
  const codec = exampleCodec(
    { kind: 'text', unit: 'character', vocabulary, length: 4, by: 'line', keepEmpty: false, unknown: 'replace' }, // prettier-ignore
    { shape: [4], tokens: 4 },
  );
  expect([...codec.encode('ab', 'x')]).toEqual([2, 3, 0, 0]);
  expect(codec.decode(Float32Array.of(3, 2, 0, 0), 'x')).toBe('ba');
  expect(refusal(() => codec.encode('ababa', 'x'))).toMatchObject({ where: 'x', got: '5' });
  expect(refusal(() => codec.encode(7, 'x'))).toMatchObject({ expected: 'a text' });
});

it('a user is her items', () => {
  const items = ['tea', 'jam', 'rye'];
  const codec = exampleCodec({ kind: 'ratings', items, weights: 'one' }, { shape: [3] });
  expect([...codec.encode(['rye', 'tea'], 'x')]).toEqual([1, 0, 1]);
  expect([...codec.encode({ jam: 4 }, 'x')]).toEqual([0, 4, 0]);
  expect(refusal(() => codec.encode(['oil'], 'x'))).toMatchObject({ got: '"oil"' });
  expect(refusal(() => codec.encode({ jam: -1 }, 'x'))).toMatchObject({ got: '-1' });
  expect(refusal(() => codec.encode('jam', 'x'))).toMatchObject({ got: '"jam"' });
  const lenient = exampleCodec({ kind: 'ratings', items, weights: 'one' }, { shape: [3] }, { unknown: 'ignore' }); // prettier-ignore
  expect([...lenient.encode(['oil', 'tea'], 'x')]).toEqual([1, 0, 0]);
  expect(refusal(() => lenient.encode([4], 'x'))).toMatchObject({ got: '4' });
});

describe('images in PNG', () => {
  const codec = exampleCodec({ kind: 'image' }, { shape: [2, 2, 1] });
  const png = (parts: Parameters<typeof encodePng>[0]): string =>
    Buffer.from(encodePng(parts)).toString('base64');
  const size = { width: 2, height: 2, depth: 8 } as const;

  it('become values from 0 to 1, without alpha', () => {
    const grey = png({ ...size, channels: 1, data: Uint8Array.of(0, 51, 102, 255) });
    const expected = [0, 0.2, 0.4, 1].map(Math.fround);
    expect([...codec.encode(grey, 'x')]).toEqual(expected);
    expect([...codec.encode(`data:image/png;base64,${grey}`, 'x')]).toEqual(expected);
    const alpha = png({ ...size, channels: 2, data: Uint8Array.of(0, 9, 51, 9, 102, 9, 255, 9) });
    expect([...codec.encode(alpha, 'x')]).toEqual(expected);
    const deep = png({ ...size, depth: 16, channels: 1, data: Uint16Array.of(0, 13107, 26214, 65535) }); // prettier-ignore
    expect([...codec.encode(deep, 'x')]).toEqual(expected);
  });

  it('are refused where they are none of the model', () => {
    const color = png({ ...size, channels: 3, data: new Uint8Array(12) });
    expect(refusal(() => codec.encode(color, 'x'))).toMatchObject({ got: 'a color one' });
    const grey = Buffer.from(png({ ...size, channels: 1, data: new Uint8Array(4) }), 'base64');
    const cut = grey.subarray(0, 50).toString('base64');
    const fix = 'Send all of it.';
    expect(refusal(() => codec.encode(cut, 'x'))).toMatchObject({
      got: 'one that is cut off',
      fix,
    });
    grey.fill(0, grey.indexOf('IDAT') + 5, grey.indexOf('IEND') - 8);
    const broken = grey.toString('base64');
    expect(refusal(() => codec.encode(broken, 'x'))).toMatchObject({ got: 'a broken one' });
    expect(refusal(() => codec.encode('oops', 'x'))).toMatchObject({ code: 'SERVE_INPUT' });
  });
});

it.each<[string, unknown, Record<string, string>]>([
  ['beyond what JSON has', Infinity, { got: 'a number out of range' }],
  ['beyond float32', 1e39, { got: '1e+39', expected: 'a number within float32, which reaches to 3.4e38 either side of 0', fix: 'Send a number nearer to 0.' }], // prettier-ignore
  ['that is none', 'x', { expected: 'a number', fix: 'Send a number.' }],
])('a number %s is refused', (_, value, error) => {
  const codec = exampleCodec({ kind: 'array' }, { shape: [1] });
  expect(refusal(() => codec.encode([value], 'x'))).toMatchObject({ where: 'x[0]', ...error });
});

describe('what is answered is said', () => {
  it('of images: lists, though PNG is taken besides, and is the example', () => {
    const codec = exampleCodec({ kind: 'image' }, { shape: [2, 3, 1] });
    expect(codec.schema).toHaveProperty('oneOf');
    const row = { type: 'array', minItems: 3, maxItems: 3, items: { minItems: 1 } };
    expect(codec.answer).toMatchObject({ type: 'array', minItems: 2, items: row });
    expect([...codec.encode(codec.example, 'x')]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('of ratings: a number for each item', () => {
    const items = ['tea', 'jam'];
    const { answer } = exampleCodec({ kind: 'ratings', items, weights: 'one' }, { shape: [2] });
    expect(answer).toMatchObject({ type: 'array', minItems: 2, items: { type: 'number' } });
  });

  it('of spectrograms: the range of their values', () => {
    const format: DataFormat = {
      kind: 'audio',
      features: 'mel',
      ...{ sampleRate: 8000, samples: 512, frames: 2, mels: 3, fftSize: 512, hop: 256 },
      ...{ lowestHz: 0, highestHz: 4000, topDb: 20, rangeDb: 80 },
      melScale: 'slaney',
    };
    const { schema, answer } = exampleCodec(format, { shape: [2, 3, 1] });
    const description = expect.stringMatching(/from 0 \(80 dB .* to 1$/) as string;
    expect([schema, answer]).toMatchObject([{ description }, { description }]);
  });
});
