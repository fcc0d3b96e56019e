/**
 * Recordings by a path, with the settings that a user gives by name: a training part and, where a setting
 * says which recordings those are, a test part.
 */
import { readSettings } from '../readSettings.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import type { AudioOptions } from './audioOptions.ts';
import { openAudio } from './openAudio.ts';

const SETTINGS: readonly (keyof AudioOptions)[] = [
  'features',
  'sampleRate',
  'seconds',
  'every',
  'fftSize',
  'hop',
  'mels',
  'lowestHz',
  'highestHz',
  'melScale',
  'rangeDb',
  'labelPattern',
  'testPattern',
];

export const openAudioData: OpenKind = async (path, { options, format }) => {
  const read = readSettings<AudioOptions>('audio', options.read, SETTINGS);
  const all = await openAudio(path, { ...read, ...(format?.kind === 'audio' && { format }) });
  const { test } = all;
  if (!test) return { train: all };
  const isTest = new Set(test);
  const train = Uint32Array.from({ length: all.count }, (_, i) => i).filter((i) => !isTest.has(i));
  return {
    train: all.select(train),
    all,
    test: (trained) => {
      const asThat = trained.format.kind === 'audio' ? trained.format : undefined;
      return all.select(test).fit(undefined, asThat);
    },
  };
};
