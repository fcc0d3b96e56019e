/** The parts that data is split into, as files of the same kind. */
import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, openData, type DataOptions, type DataPart } from '@lockstep/data';
import { schemaText } from '@lockstep/data/tables';
import { orAborted } from '../orAborted.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { writeTogether } from '../run/fileSet.ts';
import { writeFailed } from '../run/writeFailed.ts';
import { fileExists } from './fileExists.ts';

/** How examples are parted. */
export type SplitOptions = Pick<
  DataOptions,
  | 'test'
  | 'validation'
  | 'holdOut'
  | 'validationHoldOut'
  | 'split'
  | 'splitSeed'
  | 'onlyLabels'
  | 'read'
>;

export interface SplitPart {
  readonly part: DataPart;
  readonly examples: number;
  /** The part's file; absent where the part is one already, `source`. */
  readonly path?: string;
  readonly source?: string;
}

export interface SplitFiles {
  readonly parts: readonly SplitPart[];
  /**
   * Of a table: the file that says what its columns are, by all of its rows. A part alone may look otherwise: its
   * rows are not numbered one after another any more, a category may be in the other part only.
   */
  readonly schema?: string;
  /** What one should know of how they were split, a sentence each. */
  readonly notes: readonly string[];
}

const PARTS = ['train', 'validation', 'test'] as const;
const ENDINGS = { table: 'csv', text: 'txt' } as const;

/**
 * Writes `train`, `validation` and `test`, `.csv` of a table and `.txt` of text, into a folder: all appear, or
 * none. Rows and lines are those of the source, byte for byte; Parquet becomes CSV. Beside those of a table lies
 * `schema.yaml`. Memory does not grow with the file.
 * @param signal ends it before anything is written: its reason is thrown. Once files are put in their places, all are.
 * @throws DataError where examples are no lines of a file, RunError
 */
export async function splitData(
  source: string,
  options: SplitOptions,
  folder: string,
  signal?: AbortSignal,
): Promise<SplitFiles> {
  checkOutput(join(folder, 'schema.yaml'), '--out');
  const data = await orAborted(openData(source, options), signal, (late) => late.close());
  await data.close();
  const { copyParts, table } = data;
  const { kind } = data.train.format;
  if (!copyParts || !(kind === 'table' || kind === 'text')) throw noLines(source, kind);
  const paths = new Map(PARTS.map((part) => [part, join(folder, `${part}.${ENDINGS[kind]}`)]));
  const schema = table && join(folder, 'schema.yaml');
  for (const path of [...paths.values(), ...(schema === undefined ? [] : [schema])]) {
    if (existsSync(path)) throw fileExists(path);
  }
  const opened = new Map<DataPart, FileHandle>();
  await writeTogether(async (files) => {
    const write = async (part: DataPart, bytes: Uint8Array): Promise<void> => {
      const path = paths.get(part) ?? '';
      const file = opened.get(part) ?? (await files.create(path));
      opened.set(part, file);
      await file.writeFile(bytes).catch((error: unknown) => {
        throw writeFailed(path, error);
      });
    };
    let writing = Promise.resolve();
    const copying = copyParts((part, bytes) => {
      signal?.throwIfAborted();
      return (writing = write(part, bytes));
    });
    // A file that is just made is to be among those that are discarded.
    await orAborted(copying, signal).finally(() => writing);
    if (table && schema !== undefined) await files.write(schema, await schemaText(table));
  });
  const parts = PARTS.flatMap((part): SplitPart[] => {
    const info = data[part];
    if (!info) return [];
    const path = opened.has(part) ? paths.get(part) : undefined;
    const where = path === undefined ? { source: info.source } : { path };
    return [{ part, examples: info.count, ...where }];
  });
  return { parts, ...(schema !== undefined && { schema }), notes: data.splitNotes };
}

function noLines(source: string, kind: string): DataError {
  return new DataError({
    code: 'DATA_WRONG_KIND',
    where: source,
    expected: 'a table, or text by whole lines, whose rows or lines become files',
    got: kind === 'text' ? 'text cut in other ways' : `${kind} data`,
    fix: 'Give the same flags (--hold-out, --split, --split-seed ...) to train: it parts data alike each time, without files.',
  });
}
