/**
 * From what a user names to files of examples: `mnist` (the bundled digits), `sprites` (drawn here),
 * `tastes` (ratings made here), or a path, before which a kind may stand: `image:photos/`. What a kind is
 * opened by is loaded when there is such data.
 */
import { fileURLToPath } from 'node:url';
import { DataError } from './errors.ts';
import type { DataFormat, DataKind } from './format.ts';
import { parseSourceName } from './sourceName.ts';
import { guessKind } from './sources/guessKind.ts';
import type { OpenedPath, OpenKind, OpenRequest } from './sources/openedPath.ts';

const bundledMnist = fileURLToPath(new URL('../mnist/', import.meta.url));

const kinds: Readonly<Record<DataKind | 'sprites' | 'tastes', () => Promise<OpenKind>>> = {
  image: async () => (await import('./sources/openImages.ts')).openImages,
  array: async () => (await import('./sources/openImages.ts')).openImages,
  audio: async () => (await import('./audio/openAudioData.ts')).openAudioData,
  ratings: async () => (await import('./ratings/openRatingsData.ts')).openRatingsData,
  sprites: async () => (await import('./sprites/openSpriteData.ts')).openSpriteData,
  table: async () => (await import('./tables/openTableData.ts')).openTableData,
  tastes: async () => (await import('./ratings/openMadeData.ts')).openMadeData,
  text: async () => (await import('./text/openTextData.ts')).openTextData,
};

/** Throws DataError. */
export async function openSource(source: string, request: OpenRequest): Promise<OpenedPath> {
  const { kind, path, isGuessed } = await kindOf(source, request.format);
  if (!request.format) checkImageOptions(kind, source, request.options);
  const open = await kinds[kind]();
  const opened = await open(path, request);
  if (!isGuessed || kind !== 'text') return opened;
  const { rowsHint } = await import('./tables/rowsHint.ts');
  const hint = await rowsHint(path);
  if (hint === undefined) return opened;
  return { ...opened, train: { ...opened.train, notes: [...(opened.train.notes ?? []), hint] } };
}

/** Throws DATA_OPTION where images are to be changed and there are none. */
function checkImageOptions(
  kind: keyof typeof kinds,
  source: string,
  { resize, color, binarize = 'none' }: OpenRequest['options'],
): void {
  const where = resize ? 'resize' : color ? 'color' : binarize === 'none' ? undefined : 'binarize';
  if (where === undefined || ['image', 'array', 'sprites'].includes(kind)) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where,
    expected: 'images or arrays',
    got: `${source}, which is ${kind === 'tastes' ? 'ratings' : kind} data`,
    fix: `Leave out --${where}.`,
  });
}

async function kindOf(
  source: string,
  format: DataFormat | undefined,
): Promise<{
  readonly kind: keyof typeof kinds;
  readonly path: string;
  readonly isGuessed?: true;
}> {
  if (source === 'sprites' || source === 'tastes') return { kind: source, path: source };
  if (source === 'mnist') return { kind: 'image', path: bundledMnist };
  const { kind = format?.kind, path } = parseSourceName(source);
  if (kind) return { kind, path };
  return { kind: await guessKind(path), path, isGuessed: true };
}
