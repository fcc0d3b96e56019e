/** What can be wrong with one recording. */
import { DataError } from '../errors.ts';

const REPAIR =
  'Write the file again as PCM WAV (`ffmpeg -i OLD -c:a pcm_s16le NEW.wav`), or remove it.';

/** The header says what cannot be. */
export function brokenAudio(where: string, expected: string, got: string, fix = REPAIR): DataError {
  return new DataError({ code: 'DATA_BROKEN_AUDIO', where, expected, got, fix });
}

export function truncatedAudio(where: string, expected: string, got: string): DataError {
  const fix = 'Download or copy the file again, or remove it.';
  return new DataError({ code: 'DATA_TRUNCATED', where, expected, got, fix });
}

export function unknownEncoding(where: string, got: string): DataError {
  return new DataError({
    code: 'DATA_AUDIO_FORMAT',
    where,
    expected: 'WAV with PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law or mu-law',
    got,
    fix: REPAIR.replace('again ', ''),
  });
}

export function noSound(where: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where,
    expected: 'a recording of at least one sample',
    got: 'none',
    fix: 'Remove the file.',
  });
}

export function audioOption(option: string, expected: string, got: string, fix: string): DataError {
  return new DataError({ code: 'DATA_OPTION', where: option, expected, got, fix });
}
