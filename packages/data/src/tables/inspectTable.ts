/**
 * The first look at a table: how many rows, what each column is, and the labels. One pass over the rows;
 * another where a column turned out to be something else than its first rows said.
 */
import { checkCategories } from './checkCategories.ts';
import { NumberSummary, TextSummary } from './columnSummary.ts';
import { parseDate } from './dates.ts';
import { Dictionary } from './dictionary.ts';
import {
  inferNumber,
  inferText,
  maxCategories,
  sortCategories,
  type Inferred,
} from './inferKind.ts';
import { isMissing } from './missing.ts';
import { readNumber } from './csv/fieldReader.ts';
import type { SchemaColumn } from './schema.ts';
import type { Misfit, Reading, SampleRow, TableReader } from './tableBlock.ts';
import { notADate, notANumber, otherLocale, tableError } from './tableErrors.ts';
import type { DateOrder } from './tableFormat.ts';

/** Of labels, and of categories that the schema asks for. */
const mostTexts = 1 << 16;

export interface InspectOptions {
  readonly decimal: '.' | ',';
  /** Order of day and month, whatever the schema says; undefined: the schema's, or to be found out. */
  readonly dates: DateOrder | undefined;
  readonly missing: ReadonlySet<string>;
  /** What the schema says of each column of the file; undefined: to be inferred. */
  readonly known: readonly (SchemaColumn | undefined)[];
}

/** One column after the pass. */
export interface InspectedColumn {
  readonly name: string;
  /** What it is; without a schema: inferred. */
  readonly kind: Inferred | { readonly kind: 'date' | 'label' };
  readonly numbers?: NumberSummary;
  readonly texts?: { readonly summary: TextSummary; readonly categories: readonly string[] };
  readonly order?: DateOrder;
  /** Whether its texts are dates, of which nothing says whether the day or the month comes first. */
  readonly mayBeDates?: boolean;
}

export interface Inspected {
  readonly count: number;
  readonly columns: readonly InspectedColumn[];
  readonly labels: Int32Array | undefined;
}

/** One column while it is looked at. */
interface Probe {
  reading: Reading;
  numbers: NumberSummary;
  texts: TextSummary;
  misfits: number;
  firstMisfit: Misfit | undefined;
  /** What the numbers said before the column was read as texts. */
  wanted: 'categorical' | 'ordinal' | undefined;
}

export async function inspectTable(
  reader: TableReader,
  options: InspectOptions,
): Promise<Inspected> {
  const { known } = options;
  const probes = reader.names.map((_, c) => firstProbe(reader, c, options));
  const labelAt = known.findIndex((column) => column?.kind === 'label');
  let labels = new Int32Array(1 << 12);
  let isFirst = true;
  let count = 0;
  let readings: Reading[] = probes.map(({ reading }) => reading);
  while (readings.some(({ as }) => as !== 'skip') || isFirst) {
    const current = readings;
    await reader.scan({
      readings: current,
      misfit: (misfit) => {
        const probe = probes[misfit.column] as Probe;
        if (known[misfit.column]) throw misfitError(reader, probe.reading, misfit, options);
        probe.misfits++;
        probe.firstMisfit ??= misfit;
      },
      take: ({ rows, columns }) => {
        columns.forEach((values, c) => {
          const probe = probes[c] as Probe;
          const as = current[c]?.as;
          if (as === 'number' || as === 'date') probe.numbers.take(values, rows);
          if (as === 'text') probe.texts.take(values, rows);
        });
        if (!isFirst) return;
        const codes = columns[labelAt];
        if (codes) labels = withRoom(labels, count + rows);
        codes?.forEach((code, r) => {
          labels[count + r] = Number.isNaN(code) ? -1 : code;
        });
        count += rows;
      },
    });
    isFirst = false;
    readings = probes.map((probe, c) =>
      current[c]?.as !== 'skip' && !known[c] && turnToText(reader, probe, options)
        ? probe.reading
        : { as: 'skip' },
    );
  }
  for (const [c, { reading }] of probes.entries()) {
    const column = known[c];
    const given = column && 'categories' in column ? column.categories : undefined;
    if (reading.as === 'text' && given) {
      await checkCategories(reader, c, reading.dictionary.texts, given);
    }
  }
  const columns = probes.map((probe, c) => finish(reader, probe, c, known[c]));
  return {
    count,
    columns,
    labels:
      labelAt < 0
        ? undefined
        : relabel(reader, labels.subarray(0, count), probes[labelAt], columns[labelAt]),
  };
}

/** The same values, in twice the room where there is none for so many. */
function withRoom(values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= values.length) return values;
  const more = new Int32Array(Math.max(length, values.length * 2));
  more.set(values);
  return more;
}

function firstProbe(reader: TableReader, c: number, options: InspectOptions): Probe {
  const known = options.known[c];
  const text = (limit: number): Reading => ({
    as: 'text',
    dictionary: new Dictionary(limit, options.missing),
  });
  let reading: Reading = { as: 'skip' };
  if (!known) reading = guessReading(reader, c, options) ?? text(maxCategories);
  else if (known.kind === 'numeric' || known.kind === 'log') reading = { as: 'number' };
  else if (known.kind === 'date')
    reading = { as: 'date', order: options.dates ?? known.order ?? 'ymd' };
  else if (known.kind !== 'ignore') reading = text(mostTexts);
  return {
    reading,
    numbers: new NumberSummary(),
    texts: new TextSummary(),
    misfits: 0,
    firstMisfit: undefined,
    wanted: undefined,
  };
}

const orders: readonly DateOrder[] = ['ymd', 'dmy', 'mdy'];

/** By the first rows: a number, a date of an order that only one explains, or (undefined) a text. */
function guessReading(
  reader: TableReader,
  c: number,
  { decimal, dates, missing }: InspectOptions,
): Reading | undefined {
  const there = reader.sample.filter(({ fields }) => !isMissing(fields[c] ?? '', missing));
  const texts = there.map(({ fields }) => fields[c] ?? '');
  const isNumber = (text: string): boolean => !Number.isNaN(readNumber(text, decimal));
  // Some words among many numbers: a mistake in the file, or a column of texts; the pass will tell.
  if (texts.length === 0 || texts.filter(isNumber).length > texts.length / 2)
    return { as: 'number' };
  const foreign = there.filter(({ fields }) => otherLocale(fields[c] ?? '', decimal));
  if (foreign.length > texts.length / 2) throw foreignNumber(reader, c, foreign[0], decimal);
  const fitting = (dates ? [dates] : orders).filter((order) =>
    texts.every((text) => !Number.isNaN(parseDate(text, order))),
  );
  const [order] = fitting;
  // 03/04/2024 is two dates; every order takes the year first.
  const isClear = fitting.length === 1 || fitting.length === 3;
  return order !== undefined && isClear ? { as: 'date', order } : undefined;
}

function foreignNumber(
  reader: TableReader,
  c: number,
  row: SampleRow | undefined,
  decimal: '.' | ',',
): Error {
  const place = { where: reader.where, row: row?.line ?? 1, column: reader.names[c] ?? '' };
  return notANumber(place, row?.fields[c] ?? '', decimal);
}

/** Whether a column must be read once more, as texts. */
function turnToText(reader: TableReader, probe: Probe, options: InspectOptions): boolean {
  const { reading, numbers, misfits, firstMisfit } = probe;
  if (reading.as !== 'number' && reading.as !== 'date') return false;
  if (firstMisfit && misfits > 0) {
    const isNumeric = numbers.count > 9 * misfits && !numbers.distinct;
    if (isNumeric) throw misfitError(reader, reading, firstMisfit, options);
  } else {
    const { kind } = reading.as === 'number' ? inferNumber(numbers) : { kind: 'numeric' as const };
    if (kind !== 'categorical' && kind !== 'ordinal') return false;
    probe.wanted = kind;
  }
  probe.reading = { as: 'text', dictionary: new Dictionary(maxCategories, options.missing) };
  return true;
}

function misfitError(
  { where, names }: TableReader,
  reading: Reading,
  { line, column, text }: Misfit,
  { decimal }: InspectOptions,
): Error {
  const place = { where, row: line, column: names[column] ?? '' };
  return reading.as === 'date' ? notADate(place, text) : notANumber(place, text, decimal);
}

function finish(
  reader: TableReader,
  probe: Probe,
  c: number,
  known: SchemaColumn | undefined,
): InspectedColumn {
  const { reading, numbers, texts: summary, wanted } = probe;
  const name = reader.names[c] ?? '';
  if (known?.kind === 'ignore' || reading.as === 'skip') {
    return { name, kind: { kind: 'ignore', because: 'as the schema says' } };
  }
  if (reading.as === 'text') {
    const { texts, isFull } = reading.dictionary;
    if (known && isFull) throw tooManyCategories(reader.where, name);
    const given = known && 'categories' in known ? known.categories : undefined;
    const inferred = inferText(summary, isFull);
    const kind = known
      ? { kind: known.kind as 'categorical' }
      : inferred.kind === 'categorical' && wanted
        ? { kind: wanted }
        : inferred;
    const categories = given ?? sortCategories(texts);
    return { name, kind, texts: { summary, categories }, mayBeDates: !known && areDates(texts) };
  }
  if (reading.as === 'date') {
    const isConstant = !known && numbers.min === numbers.max;
    const kind = isConstant ? inferNumber(numbers) : { kind: 'date' as const };
    return { name, kind, numbers, order: reading.order };
  }
  const kind = known ? { kind: known.kind as 'numeric' } : inferNumber(numbers);
  return { name, kind, numbers };
}

/** In one order or the other; a single date tells nothing. */
function areDates(texts: readonly string[]): boolean {
  const all = (order: DateOrder): boolean =>
    texts.every((text) => !Number.isNaN(parseDate(text, order)));
  return texts.length > 1 && (all('dmy') || all('mdy'));
}

function relabel(
  reader: TableReader,
  codes: Int32Array,
  probe: Probe | undefined,
  column: InspectedColumn | undefined,
): Int32Array {
  const categories = column?.texts?.categories ?? [];
  if (categories.length === 0) {
    throw tableError(
      { where: reader.where, column: column?.name ?? '' },
      {
        code: 'DATA_NO_LABELS',
        expected: 'a label in some row at least',
        got: 'none',
        fix: 'Name another column, or none.',
      },
    );
  }
  const texts = probe?.reading.as === 'text' ? probe.reading.dictionary.texts : [];
  const labelOf = texts.map((text) => categories.indexOf(text));
  return codes.map((code) => labelOf[code] ?? -1);
}

function tooManyCategories(where: string, name: string): Error {
  return tableError(
    { where, column: name },
    {
      code: 'DATA_TABLE_VALUE',
      expected: `at most ${mostTexts} different values in a column of categories`,
      got: 'more',
      fix: 'Give the column another kind in the schema (numeric, date, ignore).',
    },
  );
}
