import type { DataFormat } from '@lockstep/data';

/** Of data of a kind, as people call it. */
export const KIND_NAMES: Readonly<Record<DataFormat['kind'], string>> = {
  image: 'pictures',
  array: 'arrays',
  table: 'tables',
  text: 'text',
  audio: 'sound',
  ratings: 'ratings',
};
