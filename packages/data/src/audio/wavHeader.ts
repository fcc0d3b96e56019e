/**
 * The header of a WAV file: its chunks are walked, and what is wrong is said. Samples are read elsewhere,
 * by range, so that recordings larger than memory can be. Microsoft, IBM: "Multimedia Programming
 * Interface and Data Specifications 1.0" (1991); EBU Tech 3306 (RF64) for files above 4 GiB.
 */
import { brokenAudio, noSound, truncatedAudio, unknownEncoding } from './audioErrors.ts';

export type SampleEncoding =
  'uint8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64' | 'a-law' | 'mu-law';

export interface WavHeader {
  readonly encoding: SampleEncoding;
  readonly channels: number;
  readonly sampleRate: number;
  /** Of a frame: one sample of each channel. */
  readonly frameBytes: number;
  /** Of the file, where the first frame begins. */
  readonly dataOffset: number;
  /** In each channel. */
  readonly samples: number;
}

/** A file, or bytes in memory. `read` gives fewer bytes at its end, and need not copy. */
export interface ByteReader {
  readonly where: string;
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;

const encodings: Readonly<Record<string, SampleEncoding>> = {
  [`${PCM}/8`]: 'uint8',
  [`${PCM}/16`]: 'int16',
  [`${PCM}/24`]: 'int24',
  [`${PCM}/32`]: 'int32',
  [`${FLOAT}/32`]: 'float32',
  [`${FLOAT}/64`]: 'float64',
  [`${A_LAW}/8`]: 'a-law',
  [`${MU_LAW}/8`]: 'mu-law',
};

/** Names of what is seen in the wild and not read here, for messages. */
const encodingNames: Readonly<Record<number, string>> = {
  [PCM]: 'PCM',
  [FLOAT]: 'float',
  [A_LAW]: 'A-law',
  [MU_LAW]: 'mu-law',
  0x02: 'Microsoft ADPCM',
  0x11: 'IMA ADPCM',
  0x31: 'GSM 6.10',
  0x50: 'MPEG',
  0x55: 'MP3',
  0xff: 'AAC',
};

/** What other kinds of files begin with. */
const otherKinds: readonly (readonly [magic: string, name: string])[] = [
  ['ID3', 'an MP3 file'],
  ['\xff\xfb', 'an MP3 file'],
  ['OggS', 'an Ogg file'],
  ['fLaC', 'a FLAC file'],
  ['FORM', 'an AIFF file'],
  ['RIFX', 'a big-endian WAV file (RIFX)'],
  ['\x1f\x8b', 'a gzip file'],
];

const UNKNOWN_SIZE = 0xffffffff;
const MAX_RATE = 768_000;

/** Throws DATA_BROKEN_AUDIO, DATA_TRUNCATED, DATA_AUDIO_FORMAT, DATA_EMPTY. */
export function readWavHeader(file: ByteReader): WavHeader {
  const { where } = file;
  if (file.size === 0) throw brokenAudio(where, 'a WAV file', 'an empty file');
  const riff = file.read(0, 12);
  const magic = text(riff, 0, 4);
  if (magic !== 'RIFF' && magic !== 'RF64') {
    const other = otherKinds.find(([start]) => magic.startsWith(start));
    const got = other?.[1] ?? `one that begins with bytes ${hex(riff.subarray(0, 4))}`;
    throw brokenAudio(where, 'a WAV file, which begins with "RIFF"', got);
  }
  if (riff.length < 12) throw truncatedAudio(where, 'a header of 44 bytes', `${file.size} bytes`);
  const form = text(riff, 8, 4);
  if (form !== 'WAVE') {
    throw brokenAudio(where, 'a RIFF file of type "WAVE"', `one of type ${JSON.stringify(form)}`);
  }
  return walkChunks(file);
}

function walkChunks(file: ByteReader): WavHeader {
  const { where } = file;
  let format: Pick<WavHeader, 'encoding' | 'channels' | 'sampleRate' | 'frameBytes'> | undefined;
  let longDataSize: number | undefined;
  const seen: string[] = [];
  for (let at = 12; at + 8 <= file.size;) {
    const head = file.read(at, 8);
    const name = text(head, 0, 4);
    const size = uint32(head, 4);
    const begin = at + 8;
    if (name === 'data') {
      if (!format) throw brokenAudio(where, 'a "fmt " chunk before the "data" chunk', list(seen));
      return {
        ...format,
        dataOffset: begin,
        ...countSamples(file, format, begin, longDataSize ?? size),
      };
    }
    if (begin + size > file.size) {
      const rest = `${file.size - begin} are left in the file`;
      throw truncatedAudio(where, `the ${size} bytes that its chunk "${name}" says it has`, rest);
    }
    if (name === 'fmt ') format = readFormat(where, file.read(begin, Math.min(size, 40)));
    if (name === 'ds64') longDataSize = uint64(file.read(begin, 16), 8);
    seen.push(name);
    at = begin + size + (size % 2); // chunks are padded to even sizes
  }
  throw brokenAudio(where, 'a "data" chunk with the samples', list(seen));
}

function readFormat(where: string, chunk: Uint8Array) {
  if (chunk.length < 16) {
    throw brokenAudio(where, 'a "fmt " chunk of at least 16 bytes', `${chunk.length}`);
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const tag = view.getUint16(0, true);
  // WAVE_FORMAT_EXTENSIBLE: what it is stands in the first two bytes of a GUID.
  const kind = tag === EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, true) : tag;
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (channels === 0) throw brokenAudio(where, 'one channel or more in its header', '0');
  if (sampleRate === 0 || sampleRate > MAX_RATE) {
    throw brokenAudio(
      where,
      `a sample rate from 1 to ${MAX_RATE} Hz in its header`,
      `${sampleRate}`,
    );
  }
  const encoding = encodings[`${kind}/${bits}`];
  if (!encoding) {
    const name = encodingNames[kind] ?? `format 0x${kind.toString(16)}`;
    throw unknownEncoding(where, `${name} of ${bits} bits`);
  }
  const expected = (channels * bits) / 8;
  if (frameBytes !== expected) {
    const says = `${expected} bytes a frame, for ${channels} channels of ${bits} bits`;
    throw brokenAudio(where, says, `${frameBytes} in its header`);
  }
  return { encoding, channels, sampleRate, frameBytes };
}

function countSamples(
  { where, size: fileSize }: ByteReader,
  { frameBytes }: { readonly frameBytes: number },
  begin: number,
  size: number,
): { readonly samples: number } {
  const rest = fileSize - begin;
  // Programs that write to a pipe cannot go back to the header: the data run to the end of the file.
  if (size === UNKNOWN_SIZE) return { samples: atLeastOne(where, Math.floor(rest / frameBytes)) };
  if (size > rest) {
    const says = `the ${size} bytes of samples that its header says it has`;
    throw truncatedAudio(where, says, `${rest}`);
  }
  if (size === 0 && rest > 0) {
    const got = `0, though ${rest} bytes follow: the program that recorded it did not finish`;
    throw brokenAudio(where, 'the number of bytes of samples in its header', got);
  }
  if (size % frameBytes !== 0) {
    const whole = `whole frames of ${frameBytes} bytes in its "data" chunk`;
    throw brokenAudio(where, whole, `${size} bytes`);
  }
  return { samples: atLeastOne(where, size / frameBytes) };
}

function atLeastOne(where: string, samples: number): number {
  if (samples === 0) throw noSound(where);
  return samples;
}

function list(seen: readonly string[]): string {
  return seen.length === 0
    ? 'no chunk'
    : `only ${seen.map((name) => JSON.stringify(name)).join(', ')}`;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

function uint64(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) + 2 ** 32 * uint32(bytes, at + 4);
}
