/** What the columns of a table are, as a file to edit and to read the table by (`read: { schema }`). */
import { existsSync } from 'node:fs';
import { DataError, openData, type DataOptions } from '@lockstep/data';
import { schemaText, type TableSchema } from '@lockstep/data/tables';
import { checkOutput } from '../run/checkOutput.ts';
import { makeFoldersFor } from '../run/makeFolders.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';
import { fileExists } from './fileExists.ts';

export interface WrittenSchema {
  readonly schema: TableSchema;
  /** YAML, a line a column with a remark on what it holds. */
  readonly text: string;
}

/**
 * `out`: where to write it; a file that is there already is left as it is, since somebody may have edited it.
 * @throws DataError, RunError
 */
export async function tableSchema(
  source: string,
  options: Pick<DataOptions, 'read'> = {},
  out?: string,
): Promise<WrittenSchema> {
  if (out !== undefined && existsSync(out)) throw fileExists(out);
  if (out !== undefined) checkOutput(out, '--out');
  const data = await openData(source, options);
  await data.close();
  const { table, train } = data;
  if (!table) throw noTable(source, train.format.kind);
  const text = await schemaText(table);
  if (out !== undefined) {
    await makeFoldersFor(out);
    await writeFileAtomically(out, text);
  }
  return { schema: table.schema, text };
}

function noTable(source: string, kind: string): DataError {
  return new DataError({
    code: 'DATA_WRONG_KIND',
    where: source,
    expected: 'a table (CSV or Parquet), whose columns a schema describes',
    got: `${kind} data`,
    fix: 'Name a table; if this is one by another name, say so: table:PATH.',
  });
}
