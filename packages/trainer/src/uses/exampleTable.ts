/**
 * Result tables with a row for each example, which say which one it is: by its number, and, where the examples
 * are rows of a table, by their row in the file and by columns of the file beside it; where they are users, by name; where they are text, by its
 * line; where they are files of a folder, by the file. What a table's file has is read while the result is written, so memory does not grow with the rows.
 */
import type { ExampleFiles } from '@lockstep/data';
import { ConfigError } from '../errors.ts';
import { freeNames } from '../results/freeNames.ts';
import { createTable, isNpyPath } from '../results/resultTable.ts';
import type { ColumnValues, ResultColumn } from '../results/tableFormat.ts';
import type { FileSet } from '../run/fileSet.ts';
import type { UseData } from './openTrained.ts';

export interface KeepOptions {
  /**
   * Of a table: columns of the file that stand beside the results, as they are in the file. Default: those that
   * the model does not learn from and that are not the label, such as ids. Not in .npy.
   */
  readonly keep?: readonly string[];
}

/** Which examples: `count` of them from number `first` on. */
export interface ExampleSpan {
  readonly first: number;
  readonly count: number;
}

export interface ExampleTable {
  /** Values of the columns that it was made with; spans follow each other. @throws RunError, DataError */
  append(span: ExampleSpan, values: readonly ColumnValues[]): Promise<void>;
  finish(): Promise<void>;
  /** In any case. */
  close(): Promise<void>;
}

/** @throws ConfigError where columns are to be kept and nothing is written that could hold them */
export function checkKeep({ keep, out }: KeepOptions & { readonly out?: string }): void {
  if (keep === undefined || (out !== undefined && !isNpyPath(out))) return;
  throw useless(
    '--out beside it, a .csv or .parquet file',
    out === undefined ? `--keep ${keep.join(',')} alone` : `${out}, which holds numbers only`,
    'Leave it out, or add --out results.csv.',
  );
}

/**
 * `example`, of a table `row` and the columns that are kept, of text `row` alone, of ratings `user`, of a folder of files `file`,
 * of cut recordings `start` besides, and then `columns`.
 * @throws ConfigError, DataError (a column to keep is not there), RunError
 */
export async function createExampleTable(
  path: string,
  columns: readonly ResultColumn[],
  data: UseData,
  { keep, files }: KeepOptions & { readonly files: FileSet },
): Promise<ExampleTable> {
  const names = columns.map(({ name }) => name);
  const kept = isNpyPath(path) ? undefined : openKept(data, keep, ['example', ...names]);
  try {
    const all: ResultColumn[] = [
      { name: 'example', type: 'int32' },
      ...(kept?.columns ?? []),
      ...columns,
    ];
    const table = await createTable(path, all, files);
    return {
      append: async ({ first, count }, values) =>
        table.append([
          Int32Array.from({ length: count }, (_, i) => first + i),
          ...((await kept?.next(count)) ?? []),
          ...values,
        ]),
      finish: async () => {
        await table.finish();
      },
      close: async () => {
        await kept?.close();
      },
    };
  } catch (error) {
    await kept?.close();
    throw error;
  }
}

export interface KeptColumns {
  /** Of a table `row`, and those that are kept; of text `row`, of ratings `user`, of files `file` and, of cut recordings, `start`. */
  readonly columns: readonly ResultColumn[];
  /** Their values of the next so many examples. */
  next(count: number): Promise<ColumnValues[]>;
  close(): Promise<void>;
}

/**
 * Undefined where examples have numbers alone. `taken`: names that the result's own columns have; one of the
 * file's that has the same gets `_` before it.
 * @throws ConfigError, DataError
 */
export function openKept(
  { tableRows, users, files, lines, info }: UseData,
  keep: readonly string[] | undefined,
  taken: readonly string[],
): KeptColumns | undefined {
  if (!tableRows) {
    if (keep === undefined) {
      if (users) return namesOf(users);
      return files ? pathsOf(files) : lines && rowsOf(lines());
    }
    throw useless('data that is a table', `${info.source}, which is none`, 'Leave it out.');
  }
  const names = keep ?? tableRows.others;
  const reader = tableRows.open(names);
  return {
    columns: [
      { name: 'row', type: 'int32' },
      ...freeNames(names, ['row', ...taken]).map((name) => ({ name, type: 'string' as const })),
    ],
    next: async (count) => {
      const { rows, columns } = await reader.next(count);
      return [rows, ...columns];
    },
    close: () => reader.close(),
  };
}

function namesOf(users: readonly string[]): KeptColumns {
  let first = 0;
  return {
    columns: [{ name: 'user', type: 'string' }],
    next: (count) => Promise.resolve([users.slice(first, (first += count))]),
    close: () => Promise.resolve(),
  };
}

/** Of a folder of files: which one, and where recordings are cut, where in it the example begins, in seconds. */
function pathsOf(files: ExampleFiles): KeptColumns {
  let first = 0;
  const { startOf } = files;
  return {
    columns: [
      { name: 'file', type: 'string' },
      ...(startOf ? [{ name: 'start', type: 'float64' as const }] : []),
    ],
    next: (count) => {
      const examples = Array.from({ length: count }, (_, i) => first + i);
      first += count;
      return Promise.resolve([
        examples.map((example) => files.pathOf(example)),
        ...(startOf ? [Float64Array.from(examples, (example) => startOf(example))] : []),
      ]);
    },
    close: () => Promise.resolve(),
  };
}

/** Of text: the line of the file. */
function rowsOf(lines: AsyncIterator<readonly number[], void>): KeptColumns {
  // Of what was read, from there on.
  let block: readonly number[] = [];
  let at = 0;
  return {
    columns: [{ name: 'row', type: 'int32' }],
    next: async (count) => {
      const rows: number[] = [];
      while (rows.length < count) {
        if (at === block.length) {
          const { value, done } = await lines.next();
          if (done) break;
          [block, at] = [value, 0];
        }
        const end = Math.min(at + count - rows.length, block.length);
        while (at < end) rows.push(block[at++] ?? 0);
      }
      return [Int32Array.from(rows)];
    },
    close: async () => {
      await lines.return?.();
    },
  };
}

function useless(expected: string, got: string, fix: string): ConfigError {
  return new ConfigError({ code: 'CONFIG_USELESS_FLAG', where: '--keep', expected, got, fix });
}
