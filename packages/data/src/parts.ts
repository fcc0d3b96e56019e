/** The parts of a source: which examples they have. */
import type { DatasetInfo } from './dataset.ts';
import { DataError } from './errors.ts';
import { factorsAt, type FactorTable } from './factors.ts';
import { filesAt, type ExampleFiles } from './sources/exampleFiles.ts';
import type { ExampleSource, UnseenLabels } from './sources/exampleSource.ts';
import { hideLabels } from './sources/hideLabels.ts';
import { classNamesOf } from './format.ts';
import type { TableRows } from './tables/tableRows.ts';
import { countClasses } from './sources/labels.ts';
import { entriesOf, rowsOfPart, type RatingRows } from './storedRatings.ts';
import type { PartName } from './splits/parts.ts';

export type DataPart = PartName;

/** All examples of a source, or those at some positions. */
export interface Part {
  readonly source: ExampleSource;
  readonly positions: Uint32Array | undefined;
  /** Rows of the part that come once more, behind the others: see repeatLabelled.ts. */
  readonly repeats?: Uint32Array;
  readonly labels: Int32Array | undefined;
  readonly unseenLabels: UnseenLabels | undefined;
  readonly factors: FactorTable | undefined;
  readonly users: readonly string[] | undefined;
  /** Of a folder of files: see `ExampleSource`. */
  readonly files: ExampleFiles | undefined;
  /** Of a table: see `ExampleSource`. */
  readonly tableRows: TableRows | undefined;
  /** Of text: a pass over the lines of its examples, see `ExampleSource`. */
  readonly lines: (() => AsyncIterator<readonly number[], void>) | undefined;
  readonly info: DatasetInfo;
}

export interface PartOptions {
  /** For messages. */
  readonly name: string;
  readonly positions?: Uint32Array | undefined;
  /** Of all parts, so that a model made for one takes the other. */
  readonly classes: number | undefined;
}

export function makePart(source: ExampleSource, { name, positions, classes }: PartOptions): Part {
  const { labels, unseenLabels, lines, shape, valueType, format } = source;
  const entries = source.ratings && entriesOf(source.ratings, positions);
  return {
    source,
    positions,
    labels: positions && labels ? selectLabels(labels, positions) : labels,
    unseenLabels: unseenLabels && unseenAt(unseenLabels, positions),
    factors: source.factors && factorsAt(source.factors, positions),
    users: source.users && usersAt(source.users, positions),
    files: source.files && filesAt(source.files, positions),
    tableRows: source.tableRows?.(positions),
    lines: lines && (() => lines(positions)),
    info: {
      shape,
      valueType,
      format,
      count: positions?.length ?? source.count,
      ...(entries !== undefined && { entries }),
      ...(labels && classes !== undefined ? { classes } : {}),
      source: name,
    },
  };
}

/** Of ratings: what the examples have, in pieces of an eighth of the memory limit. */
export function ratingsOf(
  { source: { ratings }, positions }: Part,
  memoryLimit = Infinity,
): RatingRows | undefined {
  return ratings && rowsOfPart(ratings, positions, memoryLimit / 8);
}

/** All but `keep` labels become unknown. */
export function withFewLabels(part: Part, keep: number | undefined): Part {
  if (keep === undefined) return part;
  const { labels, info } = part;
  if (labels === undefined) throw nothingToHide(info.source);
  return {
    ...part,
    labels: hideLabels(info.source, labels, keep),
    info: { ...info, knownLabels: keep },
  };
}

/** One number of classes for all. */
export function classesOf(...sources: (ExampleSource | undefined)[]): number | undefined {
  const names = sources.map((source) => source && classNamesOf(source.format)?.length).find(Number);
  const labelled = countClasses(...sources.map((source) => source?.labels));
  return labelled === undefined ? undefined : Math.max(labelled, names ?? 0);
}

function selectLabels(labels: Int32Array, positions: Uint32Array): Int32Array {
  return Int32Array.from(positions, (position) => labels[position] ?? 0);
}

function unseenAt(unseen: UnseenLabels, positions: Uint32Array | undefined): UnseenLabels {
  if (!positions) return unseen;
  const exampleAt = new Map(Array.from(positions, (position, example) => [position, example]));
  return new Map(
    Array.from(unseen, ([name, at]) => [name, at.flatMap((row) => exampleAt.get(row) ?? [])]),
  );
}

function usersAt(users: readonly string[], positions: Uint32Array | undefined): readonly string[] {
  return positions ? Array.from(positions, (position) => users[position] ?? '') : users;
}

function nothingToHide(source: string): DataError {
  return new DataError({
    code: 'DATA_NO_LABELS',
    where: 'labels',
    expected: 'data with labels, of which some are kept',
    got: `${source}, which has none`,
    fix: 'Add a label file or folders for the classes, or leave the option out.',
  });
}
