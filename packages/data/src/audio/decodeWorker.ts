/** Entry of a decoding thread: reads recordings and makes examples of them, right in shared memory. */
import { DataError } from '../errors.ts';
import { encodeAudio, melDecibels } from './codec.ts';
import type { EncodeTask, Loudness, MeasureTask, TaskResult } from './decodeTask.ts';
import type { AudioExample } from './recordingExamples.ts';
import { readRange, withFile } from './wavFile.ts';

export function encodeExamples({ examples, format, target }: EncodeTask): TaskResult<undefined> {
  return withDetails(() => {
    let at = 0;
    for (const example of examples) {
      const values = encodeAudio(samplesOf(example, format), format);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      target.set(bytes, at);
      at += bytes.length;
    }
    return undefined;
  });
}

export function measureExamples({ examples, format }: MeasureTask): TaskResult<Loudness> {
  return withDetails(() => {
    let [topDb, squares, count] = [-Infinity, 0, 0];
    for (const example of examples) {
      const samples = samplesOf(example, format);
      if (format.features === 'mel') {
        for (const value of melDecibels(samples, format)) topDb = value > topDb ? value : topDb;
      } else {
        for (const sample of samples) squares += sample * sample;
        count += samples.length;
      }
    }
    return { topDb, squares, count };
  });
}

function samplesOf(
  { path, header, first }: AudioExample,
  { sampleRate, samples }: MeasureTask['format'],
): Float32Array {
  return withFile(path, (file) => readRange(file, header, { sampleRate, first, count: samples }));
}

function withDetails<T>(run: () => T): TaskResult<T> {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { code, where, expected, got, fix } = error;
    return { failure: { code, where, expected, got, fix } };
  }
}
