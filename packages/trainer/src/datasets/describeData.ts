/** What data is: kind, parts, shape, classes, and statistics of what is trained on. */
import {
  classNamesOf,
  learnedColumns,
  openData,
  type DataFormat,
  type DataOptions,
  type DataPart,
  type DataSource,
} from '@lockstep/data';
import {
  columnCodec,
  isCategorical,
  type ColumnReport,
  type LearnedColumn,
} from '@lockstep/data/tables';
import { StatisticsOfColumns, type ColumnStatistics, type ColumnUnit } from './columnStatistics.ts';
import { eachBlock } from './eachBlock.ts';
import { StatisticsOfText, type TextStatistics } from './textStatistics.ts';

export interface PartDescription {
  readonly part: DataPart;
  readonly examples: number;
  readonly source: string;
  /** Examples of each class, where there are labels, and of those that have none. */
  readonly ofClass?: readonly number[];
  readonly unlabelled?: number;
}

export interface DataDescription {
  readonly kind: DataFormat['kind'];
  /** Of one example, as a model sees it. */
  readonly shape: readonly number[];
  /** How values are stored. */
  readonly valueType: string;
  readonly parts: readonly PartDescription[];
  readonly classes?: number;
  readonly classNames?: readonly string[];
  /**
   * Of the training part: channels of images, columns of arrays, columns of tables that are learned from, else
   * all values together; none of text. Of a table in the file's units: dates in days since 1970-01-01, categories by number.
   */
  readonly columns: readonly ColumnStatistics[];
  /** Of text: what the examples of the training part hold. */
  readonly text?: TextStatistics;
  /** What the columns of a table are, in the file's order and units, and by all of its rows. */
  readonly table?: readonly ColumnReport[];
  /** What one should know of how it is read, a sentence each. */
  readonly notes: readonly string[];
  /** And of how its parts were split. */
  readonly splitNotes: readonly string[];
}

const MOST_COLUMNS = 1000;
const PARTS = ['train', 'validation', 'test'] as const;

/** @throws DataError */
export async function describeData(
  source: string,
  options: DataOptions = {},
): Promise<DataDescription> {
  const data = await openData(source, options);
  const { format, shape, valueType, classes } = data.train;
  const text = format.kind === 'text' ? new StatisticsOfText(format) : undefined;
  const columns = new StatisticsOfColumns(columnNames(format, shape), unitsOf(format));
  await eachBlock(data, 'train', (x) => (text ?? columns).add(x)).finally(() => data.close());
  const classNames = classNamesOf(format);
  return {
    kind: format.kind,
    shape,
    valueType,
    parts: PARTS.flatMap((part) => describePart(data, part, classes) ?? []),
    ...(classes !== undefined && { classes }),
    ...(classNames && { classNames }),
    columns: columns.result(),
    ...(text && { text: text.result() }),
    ...(data.table && { table: data.table.columns }),
    notes: data.notes,
    splitNotes: data.splitNotes,
  };
}

/** What undoes the scaling of a table. */
function unitsOf(format: DataFormat): ColumnUnit[] {
  if (format.kind !== 'table') return [];
  return learnedColumns(format).map((column) => ({
    of: columnCodec(column).unscale,
    written: writtenAs(column),
  }));
}

const SECONDS_OF_DAY = 86_400;

/** Whole numbers whole, others with the digits after the point that the column has. */
function writtenAs(column: LearnedColumn): (value: number) => number {
  if (column.kind === 'date') {
    const steps = column.unit === 'day' ? 1 : SECONDS_OF_DAY;
    return (days) => Math.round(days * steps) / steps;
  }
  const { decimals } = isCategorical(column) ? { decimals: 0 } : column;
  return (value) => Number(decimals === undefined ? value.toPrecision(7) : value.toFixed(decimals));
}

function columnNames(format: DataFormat, shape: readonly number[]): string[] {
  if (format.kind === 'text') return [];
  if (format.kind === 'table') return learnedColumns(format).map(({ name }) => name);
  const [length = 1] = shape;
  if (format.kind === 'array' && shape.length === 1 && length <= MOST_COLUMNS) {
    return Array.from({ length }, (_, i) => `${i}`);
  }
  if (format.kind === 'image' && shape[2] === 3) return ['red', 'green', 'blue'];
  return ['values'];
}

function describePart(
  data: DataSource,
  part: DataPart,
  classes: number | undefined,
): PartDescription | undefined {
  const info = data[part];
  if (!info) return undefined;
  const common = { part, examples: info.count, source: info.source };
  const labels = data.labels[part];
  if (classes === undefined || !labels) return common;
  const ofClass = Array<number>(classes).fill(0);
  let unlabelled = 0;
  for (const label of labels) {
    if (label < 0) unlabelled++;
    else ofClass[label] = (ofClass[label] ?? 0) + 1;
  }
  return { ...common, ofClass, ...(unlabelled > 0 && { unlabelled }) };
}
