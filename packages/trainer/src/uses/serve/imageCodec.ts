/** Images: nested lists of values from 0 to 1, or a PNG in base64. */
import { decode, encode, type DecodedPng } from 'fast-png';
import type { Support } from '@lockstep/core';
import { wrongInput } from './inputError.ts';
import { numbersCodec } from './numbersCodec.ts';
import type { ValueCodec } from './valueCodec.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const DATA_URL = 'data:image/png;base64,';

/** `shape`: [height, width, channels] */
export function imageCodec(shape: readonly number[], support: Support = {}): ValueCodec {
  const { missing = false } = support;
  const numbers = numbersCodec(shape, { low: 0, high: 1, missing });
  const png = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' };
  return {
    schema: { oneOf: [numbers.schema, { ...png, description: `PNG of ${shape.join(' x ')}` }] },
    answer: numbers.answer,
    example: blackPng(shape) ?? numbers.example,
    encode: (value, where) =>
      typeof value === 'string' ? pngValues(value, where, shape) : numbers.encode(value, where),
    decode: (values, where) => numbers.decode(values, where),
  };
}

/** In base64; undefined where there is no such PNG. */
function blackPng([height = 0, width = 0, channels = 1]: readonly number[]): string | undefined {
  if (channels !== 1 && channels !== 3) return undefined;
  const data = new Uint8Array(height * width * channels);
  return Buffer.from(encode({ width, height, channels, depth: 8, data })).toString('base64');
}

function pngValues(text: string, where: string, shape: readonly number[]): Float32Array {
  const [height = 0, width = 0, channels = 1] = shape;
  const bytes = Buffer.from(
    text.startsWith(DATA_URL) ? text.slice(DATA_URL.length) : text,
    'base64',
  );
  const refuse = (expected: string, got: string, fix: string) =>
    wrongInput(where, { expected, got, fix });
  if (!bytes.subarray(0, 8).equals(SIGNATURE) || bytes.length < 33) {
    throw refuse('a PNG file in base64', `other text of ${text.length} characters`, 'Send PNG.');
  }
  // Before it is unpacked: a small file may say that it is huge.
  const size = [bytes.readUInt32BE(20), bytes.readUInt32BE(16)];
  if (size[0] !== height || size[1] !== width) {
    const got = `${size[0]} x ${size[1]}`;
    throw refuse(`an image of ${height} x ${width}, height by width`, got, 'Resize it before.');
  }
  let image: DecodedPng;
  try {
    image = decode(bytes, { checkCrc: true });
  } catch {
    const isCut = !bytes.includes('IEND');
    const got = isCut ? 'one that is cut off' : 'a broken one';
    const fix = isCut ? 'Send all of it.' : 'Write it anew.';
    throw refuse('a PNG file in base64', got, fix);
  }
  const own = image.palette ? 3 : image.channels - (image.channels % 2 === 0 ? 1 : 0);
  if (own !== channels) {
    const name = (count: number) => (count === 1 ? 'grey' : 'color');
    throw refuse(`a ${name(channels)} image`, `a ${name(own)} one`, 'Convert it before.');
  }
  return pixelsOf(image, channels, height * width);
}

/** Without the alpha channel. */
function pixelsOf(image: DecodedPng, channels: number, count: number): Float32Array {
  const { data, depth, palette, channels: stored } = image;
  const values = new Float32Array(count * channels);
  const most = palette ? 255 : 2 ** depth - 1;
  const perByte = depth < 8 ? 8 / depth : 1;
  const rowBytes = Math.ceil((image.width * stored) / perByte);
  const sample = (pixel: number, channel: number): number => {
    if (perByte === 1) return data[pixel * stored + channel] ?? 0;
    const [y, x] = [Math.floor(pixel / image.width), pixel % image.width];
    const byte = data[y * rowBytes + Math.floor(x / perByte)] ?? 0;
    return (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
  };
  for (let pixel = 0; pixel < count; pixel++) {
    const color = palette?.[sample(pixel, 0)];
    for (let c = 0; c < channels; c++) {
      values[pixel * channels + c] = (color ? (color[c] ?? 0) : sample(pixel, c)) / most;
    }
  }
  return values;
}
