/** A source of recordings as a training part and, where it says which recordings those are, a test part. */
import type { ExampleSource, OpenedFile } from '../sources/exampleSource.ts';
import { openAudio, type OpenAudioOptions } from './openAudio.ts';

/** As `openSource` has them. */
export interface OpenedAudioParts {
  readonly train: OpenedFile;
  readonly all?: OpenedFile;
  test?(trained: ExampleSource): Promise<ExampleSource>;
}

/** Throws DataError. */
export async function openAudioParts(
  path: string,
  options: OpenAudioOptions,
): Promise<OpenedAudioParts> {
  const all = await openAudio(path, options);
  const { test } = all;
  if (!test) return { train: all };
  const isTest = new Set(test);
  const train = Uint32Array.from({ length: all.count }, (_, i) => i).filter((i) => !isTest.has(i));
  return {
    train: all.select(train),
    all,
    test: ({ format }) =>
      all.select(test).fit(undefined, format.kind === 'audio' ? format : undefined),
  };
}
