/** Which examples of a source make which part, as the options say. */
import { DataError } from '../errors.ts';
import type { OpenedFile } from '../sources/exampleSource.ts';
import type { Positions, Shares } from './parts.ts';
import { splitAtRandom } from './splitAtRandom.ts';
import { splitGrouped } from './splitGrouped.ts';
import { splitStratified } from './splitStratified.ts';

/** `group:NAME`: all examples with the same value in that column are in one part. */
export type Split = 'random' | 'stratified' | `group:${string}`;

export interface SplitHow {
  readonly split: Split;
  readonly seed: number;
}

export async function makeSplit(
  file: OpenedFile,
  shares: Shares,
  { split, seed }: SplitHow,
): Promise<Positions> {
  if (split === 'random') return splitAtRandom(file, shares, seed);
  const { where, labels } = file;
  if (split === 'stratified') {
    if (!labels) throw noLabels(where);
    return splitStratified(where, labels, shares, seed);
  }
  const column = split.slice('group:'.length);
  if (!file.groups) throw noColumns(where, column);
  return splitGrouped(where, await file.groups(column), shares, seed);
}

export function isSplit(value: string): value is Split {
  return value === 'random' || value === 'stratified' || /^group:./.test(value);
}

function noLabels(where: string): DataError {
  return new DataError({
    code: 'DATA_NO_LABELS',
    where,
    expected: 'labels, so that each class has its share of every part (split: stratified)',
    got: 'examples without labels',
    fix: 'Split at random, or name the column or the file of the labels.',
  });
}

function noColumns(where: string, column: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where,
    expected: `a table with a column "${column}", by which to group the examples`,
    got: 'data without columns',
    fix: 'Split at random or stratified, or put the parts into files of their own.',
  });
}
