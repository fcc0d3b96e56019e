/** Text by a path, with the settings that a user gives by name. */
import { readSettings } from '../readSettings.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import { openText } from './openText.ts';
import type { TextOptions } from './textOptions.ts';

const SETTINGS: readonly (keyof TextOptions)[] = [
  'by',
  'characters',
  'tokens',
  'unit',
  'vocabularySize',
  'unknown',
  'keepEmpty',
];

export const openTextData: OpenKind = async (path, { options, format }) => {
  const read = readSettings<TextOptions>('text', options.read, SETTINGS);
  const text = await openText(path, { ...read, ...(format?.kind === 'text' && { format }) });
  return { train: { labels: undefined, ...text } };
};
