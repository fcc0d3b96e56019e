/**
 * Result tables as NumPy's .npy: a matrix, or an array of records where the columns' types differ. The
 * header comes first and holds the number of rows, so room is left for it and it is written last.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { ConfigError } from '../errors.ts';
import type { ColumnType, ResultColumn, TableFormat } from './tableFormat.ts';

type NumberType = Exclude<ColumnType, 'string'>;

const TYPES: Readonly<Record<NumberType, { readonly descr: string; readonly bytes: number }>> = {
  float32: { descr: '<f4', bytes: 4 },
  float64: { descr: '<f8', bytes: 8 },
  int32: { descr: '<i4', bytes: 4 },
};
/** Longest decimal of a number of rows. */
const COUNT_DIGITS = 16;

export const npyFormat: TableFormat = {
  check: (path, columns) => {
    const text = columns.find(({ type }) => type === 'string');
    if (!text) return;
    throw new ConfigError({
      code: 'CONFIG_TABLE_COLUMNS',
      where: path,
      expected: 'columns of numbers',
      got: `the column ${JSON.stringify(text.name)} of text`,
      fix: 'Write .csv or .parquet.',
    });
  },
  open: async (file, columns) => {
    const fields = columns.map(({ name, type }) => ({ name, type: type as NumberType }));
    const rowBytes = fields.reduce((sum, { type }) => sum + TYPES[type].bytes, 0);
    let rows = 0;
    await file.writeFile(header(columns, rows));
    return {
      append: async (values, count) => {
        const bytes = Buffer.alloc(count * rowBytes);
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        let offset = 0;
        fields.forEach(({ type }, j) => {
          const column = values[j] ?? [];
          for (let i = 0; i < count; i++) {
            put(view, offset + i * rowBytes, type, Number(column[i]));
          }
          offset += TYPES[type].bytes;
        });
        await file.writeFile(bytes);
        rows += count;
      },
      finish: async () => {
        const bytes = header(columns, rows);
        await file.write(bytes, 0, bytes.length, 0);
      },
    };
  },
};

function put(view: DataView, at: number, type: NumberType, value: number): void {
  if (type === 'float32') view.setFloat32(at, value, true);
  else if (type === 'float64') view.setFloat64(at, value, true);
  else view.setInt32(at, value, true);
}

/** Of the same length whatever the number of rows. */
function header(columns: readonly ResultColumn[], rows: number): Buffer {
  const types = columns.map(({ type }) => TYPES[type as NumberType].descr);
  const [first = TYPES.float32.descr] = types;
  const isMatrix = types.every((type) => type === first);
  const fields = columns.map(({ name }, j) => `(${pythonString(name)}, '${types[j] ?? ''}')`);
  const descr = isMatrix ? `'${first}'` : `[${fields.join(', ')}]`;
  const shape = isMatrix && columns.length > 1 ? `(${rows}, ${columns.length})` : `(${rows},)`;
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  const room = Buffer.byteLength(text) - String(rows).length + COUNT_DIGITS;
  // Version 3.0: the header is UTF-8. Values begin at a multiple of 64.
  const length = Math.ceil((12 + room + 1) / 64) * 64;
  const bytes = Buffer.alloc(length, ' ');
  bytes.write('\x93NUMPY\x03\x00', 'latin1');
  bytes.writeUInt32LE(length - 12, 8);
  bytes.write(text, 12, 'utf8');
  bytes.write('\n', length - 1);
  return bytes;
}

function pythonString(name: string): string {
  return `'${name.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
