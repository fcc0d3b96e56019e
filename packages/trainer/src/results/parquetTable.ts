/** Result tables as Parquet, by hyparquet-writer: a row group at a time. */
import type { FileHandle } from 'node:fs/promises';
import type { ByteWriter as ByteWriterClass, ColumnSource } from 'hyparquet-writer';
import type { ColumnType, ColumnValues, TableFormat } from './tableFormat.ts';

const ROW_GROUP = 65_536;

const TYPES = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int32: 'INT32',
  string: 'STRING',
} as const satisfies Record<ColumnType, ColumnSource['type']>;

export const parquetFormat: TableFormat = {
  open: async (file, columns) => {
    // Only who writes such a file loads the library.
    const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
    const sources = (values: readonly ColumnValues[]): ColumnSource[] =>
      columns.map(({ name, type }, j) => ({
        name,
        type: TYPES[type],
        nullable: false,
        data: rounded(type, values[j] ?? []),
      }));
    const schema = schemaFromColumnData({ columnData: sources([]) });
    const writer = new ParquetWriter({ writer: flushing(new ByteWriter(), file), schema });
    let pending: (readonly ColumnValues[])[] = [];
    let count = 0;
    const flush = async (): Promise<void> => {
      if (count === 0) return;
      const blocks = columns.map((_, j) => joined(pending.map((values) => values[j] ?? [])));
      [pending, count] = [[], 0];
      await writer.write({ columnData: sources(blocks), rowGroupSize: ROW_GROUP });
    };
    return {
      append: async (values, more) => {
        pending.push(values.map((column) => column.slice()));
        count += more;
        if (count >= ROW_GROUP) await flush();
      },
      finish: async () => {
        await flush();
        await writer.finish();
      },
    };
  },
};

/** Its bytes go to the file after each row group; those positions that the footer names are kept. */
function flushing(bytes: ByteWriterClass, file: FileHandle): ByteWriterClass {
  const flush = async (): Promise<void> => {
    await file.writeFile(bytes.getBytes());
    bytes.index = 0;
  };
  return Object.assign(bytes, { flush, finish: flush });
}

function joined(parts: readonly ColumnValues[]): ColumnValues {
  const [first = []] = parts;
  if (parts.length === 1) return first;
  if (!ArrayBuffer.isView(first)) return parts.flatMap((part) => Array.from(part as string[]));
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts as readonly Float64Array[]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function rounded(type: ColumnType, values: ColumnValues): ColumnSource['data'] {
  if (type === 'string') return Array.from(values, String);
  if (type === 'int32') return Int32Array.from(values as Float64Array);
  if (type === 'float32') return Float32Array.from(values as Float64Array);
  return Float64Array.from(values as Float64Array);
}
