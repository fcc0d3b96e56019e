/**
 * Examples written to a file as what they are: a picture, rows of a table, lines of text, sound.
 *
 * N examples, one after another, as the model's `x`.
 */
import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { DataFormat } from '@lockstep/data';
import { decodeAudio, writeWav, type AudioFormat } from '@lockstep/data/audio';
import { createTableCodec, type TableFormat } from '@lockstep/data/tables';
import { textCodec, type TextFormat } from '@lockstep/data/text';
import { ConfigError } from '../errors.ts';
import { freeNames } from '../results/freeNames.ts';
import { isNpyPath, writeTable } from '../results/resultTable.ts';
import type { ColumnValues, ResultColumn } from '../results/tableFormat.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { drawnImages } from '../run/exampleImages.ts';
import { encodePng, imageGrid } from '../run/imageGrid.ts';
import { encodeLabelledPng } from '../run/labelledGrid.ts';
import { makeFoldersFor } from '../run/makeFolders.ts';
import { elementCount } from '../run/namedTensor.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';
import type { TrainedModel } from './openTrained.ts';

export interface ExampleSet {
  readonly format: DataFormat;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly count: number;
  /**
   * What each example is: columns before its own of tables and text, which then has a line of their names.
   * Absent where all are the same.
   */
  readonly about?: readonly AboutColumn[];
}

export interface AboutColumn extends ResultColumn {
  readonly values: ColumnValues;
}

export interface ToldExamples {
  /** Of text: each example. */
  readonly texts?: readonly string[];
  /** What each example of the file is, by column. Not of a picture, which shows it. */
  readonly rows?: readonly Readonly<Record<string, number | string>>[];
}

export interface WrittenExamples extends ToldExamples {
  readonly path: string;
}

export interface Arrangement {
  /** Of a picture: images in a row. Default: about a square. */
  readonly columns?: number;
  /** A name for each row of a picture. */
  readonly rowNames?: readonly string[];
}

/** Silence between recordings. */
const PAUSE_SECONDS = 0.25;

/** File endings, by the kind of data. */
const ENDINGS: Readonly<Record<DataFormat['kind'], readonly string[]>> = {
  image: ['.png'],
  table: ['.csv', '.parquet'],
  text: ['.txt'],
  audio: ['.wav', '.png'],
  array: ['.csv', '.npy', '.parquet'],
  ratings: ['.csv', '.npy', '.parquet'],
};

/** What of a format decides how examples are written. */
interface Drawn {
  readonly kind: DataFormat['kind'];
  readonly features?: AudioFormat['features'];
}

/**
 * @throws ConfigError unless the name ends in what this kind of data can be written as; RunError where the file
 * cannot be written
 */
export function checkExamplePath(path: string, format: Drawn, where = '--out'): void {
  const { kind, features } = format;
  const isRaw = features === 'raw';
  const endings = isRaw ? ['.wav'] : ENDINGS[kind];
  if (endings.includes(extname(path).toLowerCase())) return checkOutput(path, where);
  throw new ConfigError({
    code: 'CONFIG_OUT_FILE',
    where,
    expected: `a file name that ends in ${endings.join(' or ')}, since the run is of ${isRaw ? 'raw sound, which has no picture' : `${kind} data`}`,
    got: path,
    fix: 'Name it so.',
  });
}

/** What is told of progress, and throws to end it before anything is written. */
type Teller = Pick<TrainedModel, 'tell'>;

/** @throws ConfigError, RunError */
export async function writeExamples(
  trained: Teller,
  path: string,
  set: ExampleSet,
  arrangement: Arrangement = {},
): Promise<WrittenExamples> {
  checkExamplePath(path, set.format);
  const { format } = set;
  const rows = set.about && { rows: rowsAbout(set.about, set.count) };
  switch (format.kind) {
    case 'image':
      await writeBytes(trained, path, await picture(set, arrangement));
      return { path };
    case 'audio': {
      const isPicture = isPng(path);
      const bytes = isPicture ? spectrograms(set, arrangement) : sound(trained, set, format);
      await writeBytes(trained, path, await bytes);
      return { path, ...(!isPicture && rows) };
    }
    case 'text': {
      const texts = textsOf(set, format);
      const written = format.by === 'window' ? texts.map(asLine) : texts;
      const lines = `${linesOf(written, set.about).join('\n')}\n`;
      await writeBytes(trained, path, new TextEncoder().encode(lines));
      return { path, texts, ...rows };
    }
    case 'table':
      await writeTable(path, withAbout(set, tableColumns(set, format)));
      return { path, ...rows };
    default: {
      const columns = numberColumns(set);
      // NumPy's is a matrix of the values alone.
      const isNpy = isNpyPath(path);
      await writeTable(path, isNpy ? columns : withAbout(set, columns));
      return { path, ...rows };
    }
  }
}

/** Examples of text that are not written to a file. */
export function tellTexts(set: ExampleSet): ToldExamples {
  if (set.format.kind !== 'text') throw new Error('text was looked for');
  return {
    texts: textsOf(set, set.format),
    ...(set.about && { rows: rowsAbout(set.about, set.count) }),
  };
}

export function isPng(path: string): boolean {
  return extname(path).toLowerCase() === '.png';
}

function rowsAbout(about: readonly AboutColumn[], count: number) {
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(about.map(({ name, values }) => [name, values[i] ?? ''])),
  );
}

/** A window of a text may hold line ends, written as \n, so that each stays one line of the file; \ is then \\. */
function asLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Tab-separated where they say what they are; the text is last. */
function linesOf(texts: readonly string[], about: readonly AboutColumn[] | undefined): string[] {
  if (!about) return [...texts];
  const names = about.map(({ name }) => name);
  const fields = (i: number) => about.map(({ values }) => String(values[i] ?? ''));
  return [[...names, 'text'], ...texts.map((text, i) => [...fields(i), text])].map((line) =>
    line.join('\t'),
  );
}

/** Columns of the data keep their names, which others do not take. */
function withAbout({ about = [] }: ExampleSet, columns: readonly AboutColumn[]): AboutColumn[] {
  const nameOf = ({ name }: AboutColumn): string => name;
  const names = freeNames(about.map(nameOf), columns.map(nameOf));
  return [...about.map((column, i) => ({ ...column, name: names[i] ?? column.name })), ...columns];
}

/** One for each example. */
function textsOf({ shape, values, count }: ExampleSet, format: TextFormat): string[] {
  const codec = textCodec(format);
  const size = shape[0] ?? 1;
  return Array.from({ length: count }, (_, i) =>
    codec.decode(values.subarray(i * size, (i + 1) * size)),
  );
}

async function picture(
  { format, shape, values, count }: ExampleSet,
  { columns, rowNames }: Arrangement,
): Promise<Uint8Array> {
  const images = drawnImages(format.kind, { data: values, shape: [count, ...shape] });
  const grid = imageGrid(images, columns === undefined ? {} : { columns });
  const { png } = await (rowNames ? encodeLabelledPng(grid, { rows: rowNames }) : encodePng(grid));
  return png;
}

/** The quietest of all black, the loudest white. */
function spectrograms(set: ExampleSet, arrangement: Arrangement): Promise<Uint8Array> {
  let [low, high] = [Infinity, -Infinity];
  for (const value of set.values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = Math.max(high - low, 1e-12);
  return picture({ ...set, values: set.values.map((v) => (v - low) / range) }, arrangement);
}

async function sound(
  trained: Teller,
  { shape, values, count }: ExampleSet,
  format: AudioFormat,
): Promise<Uint8Array> {
  const size = elementCount(shape);
  const pause = new Float32Array(Math.round(PAUSE_SECONDS * format.sampleRate));
  const parts: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) parts.push(pause);
    parts.push(decodeAudio(values.subarray(i * size, (i + 1) * size), format));
    // Some hundredths of a second each, between which signals are heard.
    await setImmediate();
    trained.tell(i + 1, count, 'sound');
  }
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return writeWav(samples, format.sampleRate);
}

function tableColumns({ values }: ExampleSet, format: TableFormat) {
  const codec = createTableCodec(format);
  const rows = codec.decode(values);
  return codec.columns.map(({ name }) => ({
    name,
    type: 'string' as const,
    values: rows.map((row) => String(row[name] ?? '')),
  }));
}

/** Ratings by their items' names. */
function numberColumns({ format, shape, values, count }: ExampleSet) {
  const size = elementCount(shape);
  return Array.from({ length: size }, (_, j) => ({
    name: (format.kind === 'ratings' ? format.items[j] : undefined) ?? `x${j}`,
    type: 'float32' as const,
    values: Float32Array.from({ length: count }, (_, i) => values[i * size + j] ?? 0),
  }));
}

async function writeBytes(trained: Teller, path: string, bytes: Uint8Array): Promise<void> {
  trained.tell(0, 0, 'writing');
  await makeFoldersFor(path);
  await writeFileAtomically(path, bytes);
}
