import { readSettings } from '../readSettings.ts';
import { fitted } from '../sources/exampleSource.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import { openSprites } from './spriteSource.ts';

/** The source `sprites`. */
export const openSpriteData: OpenKind = async (_, { options }) => {
  readSettings('image', options.read, []);
  return {
    train: fitted(openSprites('train', options)),
    test: async () => openSprites('test', options),
  };
};
