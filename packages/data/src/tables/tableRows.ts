/**
 * Rows of a table as the file has them, beside the examples that are made of them: by them a person finds an
 * example's row again. Read in a pass of their own, block by block, in the order of the examples.
 */
import { chooseRows } from './fitTable.ts';
import { pullBlocks } from './pullBlocks.ts';
import type { Reading, TableReader } from './tableBlock.ts';
import { noSuchColumn, rowsHaveChanged } from './tableErrors.ts';
import type { TableFormat } from './tableFormat.ts';

export interface RowTexts {
  /** Row of each, as an editor shows it and errors say it: from 1, with the header. */
  readonly rows: Int32Array;
  /** Of each column that was asked for, what stands in these rows; '' where nothing does. */
  readonly columns: readonly (readonly string[])[];
}

export interface RowReader {
  /** The rows of the next so many examples. Throws DataError where the file has become shorter. */
  next(count: number): Promise<RowTexts>;
  /** Ends the pass; to be called whether all were read or not. */
  close(): Promise<void>;
}

export interface TableRows {
  /** Of the file's columns, in its order. */
  readonly names: readonly string[];
  /** Those that are neither learned from nor the label: ignored ones, and such as training did not have. */
  readonly others: readonly string[];
  /** A pass over the file. Throws DataError for a column that it has not. */
  open(columns: readonly string[]): RowReader;
}

/** `positions`: rows of the examples, ascending; undefined: all. */
export function tableRows(
  reader: TableReader,
  format: TableFormat,
  positions?: Uint32Array,
): TableRows {
  const { names } = reader;
  const others = names.filter((name) => {
    const kind = format.columns.find((column) => column.name === name)?.kind;
    return kind === undefined || kind === 'ignore';
  });
  return { names, others, open: (columns) => openRows(reader, columns, positions) };
}

interface Rows {
  readonly rows: number[];
  readonly columns: string[][];
}

function openRows(
  reader: TableReader,
  columns: readonly string[],
  positions: Uint32Array | undefined,
): RowReader {
  const at = columns.map((name) => {
    const c = reader.names.indexOf(name);
    if (c < 0) throw noSuchColumn(reader, name);
    return c;
  });
  const blocks = pullBlocks<Rows>((give) => readRows(reader, at, positions, give));
  // Of what was read, from there on.
  let block: Rows = { rows: [], columns: [] };
  let from = 0;
  return {
    next: async (count) => {
      const rows = new Int32Array(count);
      const texts = columns.map(() => new Array<string>(count));
      for (let done = 0; done < count;) {
        if (from === block.rows.length) {
          const { value } = await blocks.read();
          if (!value) throw rowsHaveChanged(reader.where, count, done);
          [block, from] = [value, 0];
        }
        const taken = Math.min(count - done, block.rows.length - from);
        for (let i = 0; i < taken; i++) rows[done + i] = block.rows[from + i] ?? 0;
        texts.forEach((each, k) => {
          for (let i = 0; i < taken; i++) each[done + i] = block.columns[k]?.[from + i] ?? '';
        });
        done += taken;
        from += taken;
      }
      return { rows, columns: texts };
    },
    close: () => blocks.cancel(),
  };
}

/** Each block is its own memory. */
async function readRows(
  reader: TableReader,
  at: readonly number[],
  positions: Uint32Array | undefined,
  give: (rows: Rows) => Promise<void>,
): Promise<void> {
  const texts = reader.names.map((): string[] => []);
  let next = 0;
  await reader.scan({
    readings: texts.map((each, c): Reading =>
      at.includes(c) ? { as: 'raw', texts: each } : { as: 'skip' },
    ),
    ...(positions && { limit: (positions.at(-1) ?? -1) + 1 }),
    misfit: () => undefined,
    take: async ({ rows, first, columns, line }) => {
      const chosen = positions
        ? chooseRows(positions, next, first, rows)
        : Uint32Array.from({ length: rows }, (_, row) => row);
      next += chosen.length;
      const textsOf = (c: number): string[] =>
        Array.from(chosen, (row) => texts[c]?.[columns[c]?.[row] ?? -1] ?? '');
      const block = { rows: Array.from(chosen, line), columns: at.map(textsOf) };
      for (const each of texts) each.length = 0;
      if (chosen.length > 0) await give(block);
    },
  });
}
