/** Labels from a column: numbers of classes, or their names. */
import { DataError } from '../errors.ts';

interface Cell {
  /** For messages. */
  readonly where: string;
  readonly value: unknown;
}

const unknown = -1;

/** Names are numbered as in `knownClasses`, or else in their order. Nothing, or -1, is a label nobody knows. */
export function labelsFrom(
  cells: readonly Cell[],
  knownClasses: readonly string[] | undefined,
): { labels: Int32Array; classNames: readonly string[] | undefined } {
  const decoder = new TextDecoder();
  const values = cells.map(({ where, value }) => ({
    where,
    value: value instanceof Uint8Array ? decoder.decode(value) : value,
  }));
  const names = values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const classNames = knownClasses ?? (names.length > 0 ? [...new Set(names)].sort() : undefined);
  const numbers = new Map(classNames?.map((name, number) => [name, number]));
  const labels = Int32Array.from(values, ({ where, value }) => {
    if (value === null || value === undefined) return unknown;
    const label = typeof value === 'string' ? numbers.get(value) : Number(value);
    if (label === undefined) throw unknownClass(where, value, classNames ?? []);
    if (Number.isInteger(label) && label >= unknown && label < 2 ** 31) return label;
    throw badLabel(where, value);
  });
  return { labels, classNames };
}

function unknownClass(where: string, value: unknown, classNames: readonly string[]): DataError {
  const known = classNames.slice(0, 10).join(', ') + (classNames.length > 10 ? ', ...' : '');
  return new DataError({
    code: 'DATA_UNKNOWN_CLASS',
    where,
    expected: `a class of the training images (${known})`,
    got: JSON.stringify(value),
    fix: 'Give both parts the same classes.',
  });
}

function badLabel(where: string, value: unknown): DataError {
  return new DataError({
    code: 'DATA_BAD_LABEL',
    where,
    expected: 'the number of a class, from 0 on, or its name',
    got: String(value),
    fix: 'Number the classes from 0.',
  });
}
