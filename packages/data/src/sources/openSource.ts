/**
 * From what a user names to files of examples: `mnist` (the bundled digits), `sprites` (drawn here),
 * `tastes` (ratings made here), or a path, before which a kind may stand: `image:photos/`.
 */
import { fileURLToPath } from 'node:url';
import { AUDIO_SETTINGS, type AudioOptions } from '../audio/audioOptions.ts';
import { openAudioParts } from '../audio/openAudioParts.ts';
import type { DataFormat } from '../format.ts';
import { parseSourceName } from '../sourceName.ts';
import type { DataOptions } from '../options.ts';
import { openMadeRatings } from '../ratings/madeRatings.ts';
import { openRatings } from '../ratings/openRatings.ts';
import { LEAST_RATINGS, RATINGS_SETTINGS, type RatingsOptions } from '../ratings/ratingsOptions.ts';
import { guessKind } from './guessKind.ts';
import { readSettings } from '../readSettings.ts';
import { openSprites } from '../sprites/spriteSource.ts';
import { openTable } from '../tables/openTable.ts';
import type { OpenTableOptions } from '../tables/tableOptions.ts';
import { openText } from '../text/openText.ts';
import type { TextOptions } from '../text/textOptions.ts';
import { fitted } from './exampleSource.ts';
import type { OpenedPath } from './openedPath.ts';
import { openImages } from './openImages.ts';

const bundledMnist = fileURLToPath(new URL('../../mnist/', import.meta.url));

/**
 * `format`: that of the data a model was trained on, of which this is more; or that data itself, `isOwn`,
 * of which the same examples are wanted as then.
 */
export async function openSource(
  source: string,
  options: DataOptions,
  format?: DataFormat,
  isOwn = false,
): Promise<OpenedPath> {
  if (source === 'sprites') {
    return {
      train: fitted(openSprites('train', options)),
      test: () => Promise.resolve(openSprites('test', options)),
    };
  }
  if (source === 'tastes') {
    readSettings('ratings', options.read, []);
    return {
      train: fitted(openMadeRatings('train')),
      test: () => Promise.resolve(openMadeRatings('test')),
    };
  }
  if (source === 'mnist') return openImages(bundledMnist, options, format);
  const { kind = format?.kind, path } = parseSourceName(source);
  switch (kind ?? (await guessKind(path))) {
    case 'image':
    case 'array':
      readSettings('image', options.read, []);
      return openImages(path, options, format);
    case 'text': {
      const read = readSettings<TextOptions>('text', options.read, TEXT_SETTINGS);
      const text = await openText(path, { ...read, ...(format?.kind === 'text' && { format }) });
      return { train: { labels: undefined, ...text } };
    }
    case 'audio': {
      const read = readSettings<AudioOptions>('audio', options.read, AUDIO_SETTINGS);
      return openAudioParts(path, { ...read, ...(format?.kind === 'audio' && { format }) });
    }
    case 'ratings': {
      const read = readSettings<RatingsOptions>('ratings', options.read, RATINGS_SETTINGS);
      const ratings = format?.kind === 'ratings' && { format };
      const asThen = isOwn && { leastRatings: LEAST_RATINGS, unknown: 'ignore' as const };
      return { train: await openRatings(path, { ...asThen, ...read, ...ratings }) };
    }
    case 'table':
      return { train: await openTable(path, tableOptions(options, format)) };
  }
}

const TABLE_SETTINGS: readonly (keyof OpenTableOptions)[] = [
  'schema',
  'label',
  'header',
  'delimiter',
  'decimal',
  'missing',
  'unknown',
];

/** Words for missing values have `|` between them. With a format, what it says is not said again. */
function tableOptions(
  { read = {} }: DataOptions,
  format: DataFormat | undefined,
): OpenTableOptions {
  const { missing, ...others } = readSettings<OpenTableOptions>('table', read, TABLE_SETTINGS);
  if (format?.kind === 'table') {
    const { delimiter, unknown } = others;
    return { format, ...(delimiter !== undefined && { delimiter }), ...(unknown && { unknown }) };
  }
  return { ...others, ...(missing !== undefined && { missing: String(missing).split('|') }) };
}

const TEXT_SETTINGS: readonly (keyof TextOptions)[] = [
  'by',
  'characters',
  'tokens',
  'unit',
  'vocabularySize',
  'unknown',
  'keepEmpty',
];
