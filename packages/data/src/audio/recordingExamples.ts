/** Which piece of which recording each example is. Headers alone are read. */
import type { RecordingList } from './listRecordings.ts';
import { lengthAt, wavHeaderOf } from './wavFile.ts';
import type { WavHeader } from './wavHeader.ts';

/** Structured-cloneable. */
export interface AudioExample {
  readonly path: string;
  readonly header: WavHeader;
  /** Of its samples, at the rate of the format. */
  readonly first: number;
}

/** A header takes about 20 us; the event loop turns in between. */
const HEADERS_AT_ONCE = 256;

export async function readHeaders(paths: readonly string[]): Promise<readonly WavHeader[]> {
  const headers: WavHeader[] = [];
  for (const [i, path] of paths.entries()) {
    if (i % HEADERS_AT_ONCE === HEADERS_AT_ONCE - 1) await new Promise(setImmediate);
    headers.push(wavHeaderOf(path));
  }
  return headers;
}

export interface CutExamples {
  readonly examples: readonly AudioExample[];
  /** Index of each example's recording. */
  readonly recordings: Uint32Array;
}

/**
 * One example a recording, or one every `every` samples as long as `samples` are left, and one where the
 * recording is shorter than that.
 */
export function cutExamples(
  { paths }: Pick<RecordingList, 'paths'>,
  headers: readonly WavHeader[],
  cut: { readonly sampleRate: number; readonly every?: number; readonly samples: number },
): CutExamples {
  const { sampleRate, every, samples } = cut;
  const examples: AudioExample[] = [];
  const recordings: number[] = [];
  for (const [i, header] of headers.entries()) {
    const left = lengthAt(header, sampleRate) - samples;
    const count = every === undefined || left <= 0 ? 1 : Math.floor(left / every) + 1;
    for (let k = 0; k < count; k++) {
      examples.push({ path: paths[i] ?? '', header, first: k * (every ?? 0) });
      recordings.push(i);
    }
  }
  return { examples, recordings: Uint32Array.from(recordings) };
}
