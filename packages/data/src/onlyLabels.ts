/**
 * Examples of some classes alone, to learn what is normal: those that are trained on, and those that
 * are held out to validate on. Tests are on all.
 */
import { DataError } from './errors.ts';
import { classNamesOf } from './format.ts';
import { labelsNamed } from './labelsNamed.ts';
import type { ExampleSource, OpenedFile } from './sources/exampleSource.ts';
import { countClasses } from './sources/labels.ts';

type Labelled = Pick<OpenedFile, 'where' | 'labels' | 'classNames'>;

/** Those of the positions (undefined: all) whose label is named. Throws DataError where none is left. */
export function onlyLabels(
  { where, labels, classNames }: Labelled,
  positions: Uint32Array | undefined,
  wanted: readonly string[] | undefined,
): Uint32Array | undefined {
  if (wanted === undefined) return positions;
  if (!labels) throw noLabels(where);
  const count = countClasses(labels) ?? 0;
  const kept = labelsNamed(wanted, { where: 'onlyLabels', names: classNames, count });
  const all = positions ?? Uint32Array.from(labels, (_, position) => position);
  const chosen = all.filter((position) => kept.has(labels[position] ?? -1));
  if (chosen.length === 0) {
    const known = labels.filter((label) => kept.has(label)).length;
    throw nothingLeft(where, wanted, { part: all.length, known });
  }
  return chosen;
}

export function labelledSource(source: ExampleSource): Labelled {
  const { where, labels, format } = source;
  return { where, labels, classNames: classNamesOf(format) };
}

function noLabels(where: string): DataError {
  return new DataError({
    code: 'DATA_NO_LABELS',
    where: 'onlyLabels',
    expected: 'data with labels, of which those of some classes are trained on',
    got: `${where}, which has none`,
    fix: 'Add labels, name their column (--read label=NAME), or leave the option out.',
  });
}

function nothingLeft(
  where: string,
  wanted: readonly string[],
  { part, known }: { readonly part: number; readonly known: number },
): DataError {
  return new DataError({
    code: 'DATA_EMPTY_PART',
    where,
    expected: `examples of ${wanted.join(', ')} in each part that is trained or validated on`,
    got: `none among the ${part} of one part; ${known} in all`,
    fix: 'Name more classes, hold out another share, or have each class in every part (--split stratified).',
  });
}
