/** Some rows of a table, column by column: what every reader of tables hands out. */
import type { CopyParts } from '../splits/copyLines.ts';
import type { Dictionary } from './dictionary.ts';
import type { DateOrder } from './tableFormat.ts';

/** What the fields of a column are read as. A date becomes days since 1970-01-01, a text its code. */
export type Reading =
  | { readonly as: 'number' }
  | { readonly as: 'date'; readonly order: DateOrder }
  | { readonly as: 'text'; readonly dictionary: Dictionary }
  /** What stands there, whatever it is: an index among `texts`, which whoever takes a block empties; NaN: nothing. */
  | { readonly as: 'raw'; readonly texts: string[] }
  | { readonly as: 'skip' };

export interface TableBlock {
  readonly rows: number;
  /** Index of the first row among all, from 0, without the header. */
  readonly first: number;
  /**
   * One a column of the file, `rows` values each: numbers, days, codes; NaN where nothing is there or it
   * could not be read (see `Misfit`). Empty where the column is skipped. Valid until the next block.
   */
  readonly columns: readonly Float64Array[];
  /** The number of a row as an editor shows it. */
  readonly line: (row: number) => number;
}

/** A field that is not what its column is read as. */
export interface Misfit {
  readonly column: number;
  readonly line: number;
  readonly text: string;
}

export interface ScanOptions {
  /** One for each column. */
  readonly readings: readonly Reading[];
  /** Throws, or takes note: the value is then NaN. */
  readonly misfit: (misfit: Misfit) => void;
  readonly take: (block: TableBlock) => void | Promise<void>;
  /** Stops after so many rows. Default: all. */
  readonly limit?: number;
}

export interface SampleRow {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A table that can be read from its beginning to its end, as often as wanted. */
export interface TableReader {
  readonly where: string;
  /** From the file's header, or `column1`, `column2` ... */
  readonly names: readonly string[];
  readonly header: boolean;
  /** Of CSV: what parts the fields. */
  readonly delimiter?: string;
  /** Largest number of digits after the point met in each column read as numbers so far. */
  readonly decimals: Uint8Array;
  /** The first rows as texts, for guessing what the columns are. */
  readonly sample: readonly SampleRow[];
  scan(options: ScanOptions): Promise<void>;
  /** The header for each part, and its rows: see `CopyParts`. */
  copyParts: CopyParts;
}
