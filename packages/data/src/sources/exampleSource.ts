import type { FactorTable } from '../factors.ts';
import { classNamesOf, type DataFormat } from '../format.ts';
import type { PassedOver, RatingRows } from '../storedRatings.ts';
import type { CopyParts } from '../splits/copyLines.ts';
import type { ColumnCells } from '../tables/cellCounts.ts';
import type { TableDescription } from '../tables/describeColumns.ts';
import type { TableRows } from '../tables/tableRows.ts';
import type { ValueType } from '../valueType.ts';
import type { ExampleFiles } from './exampleFiles.ts';

/** By name: which examples have the label, ascending. */
export type UnseenLabels = ReadonlyMap<string, readonly number[]>;

/** Examples somewhere on disk, of which the headers and the labels have been read. */
export interface ExampleSource {
  /** File or folder, for messages. */
  readonly where: string;
  /** Shape of one example, as a model sees it. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly valueType: ValueType;
  readonly format: DataFormat;
  /** One a example, not negative, or -1 where it is not known. */
  readonly labels: Int32Array | undefined;
  /** What the user should know of how its format fits it, a sentence each. */
  readonly notes?: readonly string[];
  /** Labels that training has no name for, which are -1 among `labels`. */
  readonly unseenLabels?: UnseenLabels;
  /** What each example was made of, where that is known. */
  readonly factors?: FactorTable;
  /** Of ratings: whose each example is. */
  readonly users?: readonly string[];
  /** Of a folder of pictures or of sound, and of one recording: which file each example is, or is cut from. */
  readonly files?: ExampleFiles;
  /** Of a table: the rows that its examples are made of, those at `positions` (ascending; undefined: all). */
  tableRows?(positions?: Uint32Array): TableRows;
  /**
   * Of text: the line in which each example begins, from 1, some at a time; those at `positions` (ascending; undefined:
   * all). A pass of its own. Throws DataError.
   */
  lines?(positions?: Uint32Array): AsyncIterator<readonly number[], void>;
  /** Of a table: what stood in the cells, of all rows, once they were read. */
  cells?(): readonly ColumnCells[];
  /** Of ratings: what each example has; their values are sparse. */
  readonly ratings?: RatingRows;
  /** Of ratings as those of a trained run: what it has no item for. */
  passedOver?(): Promise<PassedOver | undefined>;
  /**
   * Decodes the examples at `positions` (ascending; undefined means all) into `target`, as their
   * `valueType` says. `target` lies in shared memory and is as large as they need.
   */
  read(target: Uint8Array, positions: Uint32Array | undefined): Promise<void>;
  /** Where reading needs threads: the same `read`, for many times, that keeps them until it is closed. */
  openReader?(): ExampleReader;
  /**
   * Where examples can only be had one after another: all of them in order, in blocks of whole ones,
   * with the number of the block's first; bounded memory. `take` may keep nothing of `rows`.
   */
  scan?(take: (rows: Uint8Array, first: number) => void | Promise<void>): Promise<void>;
}

export interface ExampleReader {
  /** As an ExampleSource's; several at a time may be under way. */
  read(target: Uint8Array, positions: Uint32Array): Promise<void>;
  /** After the last read has ended. */
  close(): Promise<void>;
}

/**
 * A file or folder whose examples are counted. How they are read may depend on those that are trained
 * on: their scaling, their vocabulary.
 */
export interface OpenedFile {
  readonly where: string;
  readonly count: number;
  /** How the same file would have more examples, for messages where they are too few: 'Cut ...'. */
  readonly forMore?: string | undefined;
  /** As an ExampleSource's, where they are known before. */
  readonly labels: Int32Array | undefined;
  /** Name of label 0, 1 ..., where classes have names. */
  readonly classNames?: readonly string[] | undefined;
  /** What the user should know of how it is read, a sentence each. */
  readonly notes?: readonly string[];
  /** Of a table that is not read as a trained run says: what its columns are. */
  readonly columns?: TableDescription['columns'];
  readonly schema?: TableDescription['schema'] | undefined;
  /** Where the examples are lines or rows of one file: see `CopyParts`. */
  readonly copyParts?: CopyParts | undefined;
  /** Of a table: what tells the group of each example. Throws DataError where there is no such column. */
  groups?(column: string): Promise<ArrayLike<number | string>>;
  /** `train`: positions of the training part, ascending; undefined means all. */
  fit(train: Uint32Array | undefined): Promise<ExampleSource>;
  /** Ends what it holds open: nothing is read then any more. */
  close?(): Promise<void>;
}

/** What depends on no part. */
export function fitted(source: ExampleSource): OpenedFile {
  const { where, count, labels, format } = source;
  return {
    where,
    count,
    labels,
    classNames: classNamesOf(format),
    fit: () => Promise.resolve(source),
  };
}
