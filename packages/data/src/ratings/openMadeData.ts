import { readSettings } from '../readSettings.ts';
import { fitted } from '../sources/exampleSource.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import { openMadeRatings } from './madeRatings.ts';

/** The source `tastes`. */
export const openMadeData: OpenKind = async (_, { options }) => {
  readSettings('ratings', options.read, []);
  return {
    train: fitted(openMadeRatings('train')),
    test: async () => openMadeRatings('test'),
  };
};
