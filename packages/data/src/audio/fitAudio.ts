/** What a format takes from the training part: the length of examples, and their scaling. */
import { DataError } from '../errors.ts';
import type { AudioFormat } from './audioFormat.ts';
import { SILENCE_DB } from './codec.ts';
import { lengthOf, type UnfittedFormat } from './completeFormat.ts';
import { measureInPool } from './decodePool.ts';
import type { AudioExample } from './recordingExamples.ts';
import { lengthAt } from './wavFile.ts';

/** Share of the training recordings that are not cut by default. */
const WHOLE_SHARE = 0.95;
/** More would say little more of how loud the loudest is. */
const MOST_MEASURED = 1000;

export async function fitAudio(
  where: string,
  unfitted: UnfittedFormat,
  train: readonly AudioExample[],
  /** Of an example; undefined: from the recordings. */
  samples: number | undefined,
): Promise<AudioFormat> {
  if (train.length === 0) throw noTraining(where);
  const wanted = samples ?? usualLength(train, unfitted.sampleRate);
  const { frames, ...length } = lengthOf(unfitted, wanted);
  const examples = spread(train, MOST_MEASURED);
  if (unfitted.features === 'mel') {
    const format = { ...unfitted, ...length, frames };
    const { topDb } = await measureInPool({ examples, format });
    return { ...format, topDb, rangeDb: Math.min(format.rangeDb, aboveSilence(topDb)) };
  }
  const format = { ...unfitted, ...length };
  const { squares, count } = await measureInPool({ examples, format });
  if (squares === 0) throw onlySilence(where);
  return { ...format, scale: Math.sqrt(squares / count) };
}

/** Decibels to a thousandth below, so that rounding does not leave silence a bit more than 0. */
function aboveSilence(topDb: number): number {
  return Math.floor(1000 * (topDb - SILENCE_DB)) / 1000;
}

/** The length that 95% of them have at most. */
function usualLength(train: readonly AudioExample[], sampleRate: number): number {
  const lengths = Float64Array.from(train, ({ header }) => lengthAt(header, sampleRate)).sort();
  return lengths[Math.ceil(WHOLE_SHARE * lengths.length) - 1] ?? 1;
}

/** `most` of them, evenly spaced. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)] as T);
}

function noTraining(where: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where,
    expected: 'at least one recording to train on',
    got: 'none',
    fix: 'Leave more to train on.',
  });
}

function onlySilence(where: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where,
    expected: 'recordings with sound in them',
    got: 'silence alone',
    fix: 'Check the recordings.',
  });
}
