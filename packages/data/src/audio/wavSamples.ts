/** Samples of a WAV file as one channel of floats: 1 is full scale, channels become their mean. */
import { brokenAudio } from './audioErrors.ts';
import type { ByteReader, SampleEncoding, WavHeader } from './wavHeader.ts';

interface Reader {
  readonly bytes: number;
  get(view: DataView, at: number): number;
}

const readers: Readonly<Record<SampleEncoding, Reader>> = {
  uint8: { bytes: 1, get: (view, at) => (view.getUint8(at) - 128) / 128 },
  int16: { bytes: 2, get: (view, at) => view.getInt16(at, true) / 2 ** 15 },
  int24: {
    bytes: 3,
    get: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
  },
  int32: { bytes: 4, get: (view, at) => view.getInt32(at, true) / 2 ** 31 },
  float32: { bytes: 4, get: (view, at) => view.getFloat32(at, true) },
  float64: { bytes: 8, get: (view, at) => view.getFloat64(at, true) },
  'a-law': { bytes: 1, get: (view, at) => aLaw(view.getUint8(at)) / 2 ** 15 },
  'mu-law': { bytes: 1, get: (view, at) => muLaw(view.getUint8(at)) / 2 ** 15 },
};

/** Samples `first` ... `first + count - 1`, those that there are. Throws DATA_BROKEN_AUDIO. */
export function readSamples(
  file: ByteReader,
  header: WavHeader,
  first: number,
  count: number,
): Float32Array {
  const { channels, frameBytes, dataOffset, samples: total, encoding } = header;
  const length = Math.max(0, Math.min(count, total - first));
  const bytes = file.read(dataOffset + first * frameBytes, length * frameBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bytes: sampleBytes, get } = readers[encoding];
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += get(view, i * frameBytes + c * sampleBytes);
    out[i] = sum / channels;
    if (!Number.isFinite(out[i])) {
      throw brokenAudio(file.where, 'samples that are numbers', `${sum} at sample ${first + i}`);
    }
  }
  return out;
}

/** ITU-T G.711, table 1: 13 bits, shifted to 16. */
function aLaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return bits & 0x80 ? size : -size;
}

/** ITU-T G.711, table 2: 14 bits, shifted to 16. */
function muLaw(code: number): number {
  const bits = ~code & 0xff;
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 0x80 ? -size : size;
}
