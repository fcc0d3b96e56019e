/** Result tables as CSV. Shafranovich: "Common Format and MIME Type for CSV Files", RFC 4180 (2005). */
import type { ColumnType, TableFormat } from './tableFormat.ts';

/** Lines made into one string before they are written. */
const BLOCK = 4096;

export const csvFormat: TableFormat = {
  open: async (file, columns) => {
    await file.writeFile(line(columns.map(({ name }) => quoted(name))));
    const format = columns.map(({ type }) => FORMATTERS[type]);
    return {
      append: async (values, count) => {
        for (let from = 0; from < count; from += BLOCK) {
          let text = '';
          for (let i = from; i < Math.min(from + BLOCK, count); i++) {
            text += line(values.map((column, j) => format[j]?.(column[i]) ?? ''));
          }
          await file.writeFile(text);
        }
      },
      finish: () => Promise.resolve(),
    };
  },
};

type Value = number | string | undefined;

const FORMATTERS: Readonly<Record<ColumnType, (value: Value) => string>> = {
  string: (value) => quoted(String(value)),
  int32: String,
  float64: (value) => (Number.isNaN(value) ? '' : String(value)),
  float32: (value) => (Number.isNaN(value) ? '' : shortest(Number(value))),
};

function line(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}

/** Fields with a comma, a quote, a line's end or space around them are put in quotes. */
function quoted(field: string): string {
  if (!/[",\r\n]|^\s|\s$/.test(field)) return field;
  return `"${field.replaceAll('"', '""')}"`;
}

/** As few digits as round to the same float32: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 7; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
