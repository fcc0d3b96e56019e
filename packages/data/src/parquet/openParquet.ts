/** A Parquet file, of which the metadata is read. hyparquet is loaded here, and only for such files. */
import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet';
import { DataError } from '../errors.ts';
import { fileError } from '../sources/fileErrors.ts';

export interface ParquetFile {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  readonly count: number;
  /** Where the rows of each group begin, and where the last ends. */
  readonly groups: readonly RowRange[];
}

export interface RowRange {
  readonly start: number;
  readonly end: number;
}

export async function openParquet(path: string): Promise<ParquetFile> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const groups: RowRange[] = [];
    for (const { num_rows } of metadata.row_groups) {
      const start = groups.at(-1)?.end ?? 0;
      groups.push({ start, end: start + Number(num_rows) });
    }
    const schema = parquetSchema(metadata);
    return { path, file, metadata, schema, count: groups.at(-1)?.end ?? 0, groups };
  } catch (error) {
    throw parquetError(path, error);
  }
}

/** The values of one column in some rows. Bytes stay bytes. */
export async function readColumn(
  { path, file, metadata }: ParquetFile,
  column: string,
  { start, end }: RowRange,
): Promise<unknown[]> {
  const { parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  try {
    const rows = await parquetReadObjects({
      file,
      metadata,
      columns: [column],
      rowStart: start,
      rowEnd: end,
      utf8: false,
      compressors,
    });
    return rows.map((row): unknown => row[column]);
  } catch (error) {
    throw parquetError(path, error);
  }
}

function parquetError(path: string, error: unknown): DataError {
  if (error instanceof Error && 'syscall' in error) return fileError(path, error);
  return new DataError(
    {
      code: 'DATA_BAD_PARQUET',
      where: path,
      expected: 'a whole Parquet file',
      got: error instanceof Error ? error.message : String(error),
      fix: 'The file was cut short or damaged: write it again, or copy it again.',
    },
    { cause: error },
  );
}
