/** WAV files on disk, read by range and synchronously: decoding threads have nothing else to do. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileError } from '../sources/fileErrors.ts';
import { truncatedAudio } from './audioErrors.ts';
import { inputRange, resample, resampledLength, resampler } from './resample.ts';
import { readWavHeader, type ByteReader, type WavHeader } from './wavHeader.ts';
import { readSamples } from './wavSamples.ts';

/** Bytes in memory as a file. */
export function bytesReader(where: string, bytes: Uint8Array): ByteReader {
  return {
    where,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Opens a file for the time of `use`. Throws what Node reports as DataErrors. */
export function withFile<T>(path: string, use: (file: ByteReader) => T): T {
  let descriptor: number | undefined;
  try {
    const fd = openSync(path, 'r');
    descriptor = fd;
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(Math.max(0, length));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset));
    };
    return use({ where: path, size: fstatSync(fd).size, read });
  } catch (error) {
    throw fileError(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function wavHeaderOf(path: string): WavHeader {
  return withFile(path, readWavHeader);
}

/** How long a recording is once it has `sampleRate`. */
export function lengthAt(header: WavHeader, sampleRate: number): number {
  const resampling = resampler(header.sampleRate, sampleRate);
  return resampling ? resampledLength(header.samples, resampling) : header.samples;
}

/**
 * `count` samples from `first` on, at `sampleRate`, mono; zeros after the recording's end. Nothing else of
 * the file is read, and each sample has the same bits whatever range it is read with.
 */
export function readRange(
  file: ByteReader,
  header: WavHeader,
  { sampleRate, first, count }: { sampleRate: number; first: number; count: number },
): Float32Array {
  const out = new Float32Array(count);
  const resampling = resampler(header.sampleRate, sampleRate);
  const there = Math.max(0, Math.min(count, lengthAt(header, sampleRate) - first));
  if (there === 0) return out;
  if (!resampling) {
    out.set(complete(file, readSamples(file, header, first, there), there));
    return out;
  }
  const { start, end } = inputRange(resampling, first, there);
  const from = Math.max(0, start);
  const length = Math.min(header.samples, end) - from;
  const input = complete(file, readSamples(file, header, from, length), length);
  out.set(resample(resampling, input, { start: from, first, count: there }));
  return out;
}

/** A file may have been cut after its header was read. */
function complete(file: ByteReader, samples: Float32Array, count: number): Float32Array {
  if (samples.length < count) {
    throw truncatedAudio(file.where, `${count} samples`, `${samples.length}`);
  }
  return samples;
}
