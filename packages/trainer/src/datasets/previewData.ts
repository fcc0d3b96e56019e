/** The first examples of data: a picture of images and spectrograms, else a line for each. */
import {
  openData,
  type DataFormat,
  type DataOptions,
  type DataPart,
  type DataSource,
} from '@lockstep/data';
import { createTableCodec, csvLine, learnedColumns } from '@lockstep/data/tables';
import { textCodec } from '@lockstep/data/text';
import { RunError } from '../errors.ts';
import { isImageShape } from '../pictures.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { drawnImages } from '../run/exampleImages.ts';
import { encodePng, imageGrid } from '../run/imageGrid.ts';
import { makeFoldersFor } from '../run/makeFolders.ts';
import { elementCount } from '../run/namedTensor.ts';
import { writeFileAtomically } from '../run/writeFileAtomically.ts';
import { eachBlock } from './eachBlock.ts';

export interface PreviewOptions {
  /** Default: the training part. */
  readonly part?: DataPart;
  readonly count: number;
  /** PNG file, of what can be seen. */
  readonly out?: string;
}

export interface DataPreview {
  readonly kind: DataFormat['kind'];
  readonly count: number;
  /** Of a picture. */
  readonly path?: string;
  /** Of all else, and where no file is named. */
  readonly lines?: readonly string[];
  /** How to see more, where lines are numbers of what can be drawn. */
  readonly note?: string;
}

const DRAWN = '--out FILE.png draws them.';

/** Values of a line, at most. */
const MOST_VALUES = 20;

/** @throws DataError, RunError */
export async function previewData(
  source: string,
  options: DataOptions,
  { part = 'train', count: wanted, out }: PreviewOptions,
): Promise<DataPreview> {
  if (out !== undefined) checkOutput(out, '--out');
  const data = await openData(source, options);
  try {
    return await preview(data, { source, part, wanted, out });
  } finally {
    await data.close();
  }
}

interface Wanted {
  readonly source: string;
  readonly part: DataPart;
  readonly wanted: number;
  readonly out: string | undefined;
}

async function preview(
  data: DataSource,
  { source, part, wanted, out }: Wanted,
): Promise<DataPreview> {
  const info = data[part];
  if (!info) throw noSuchPart(source, part);
  const { shape, format } = info;
  if (out !== undefined && !isImageShape(shape)) throw noPicture(source, format.kind);
  const count = Math.min(wanted, info.count);
  const size = elementCount(shape);
  const values = new Float32Array(count * size);
  let filled = 0;
  const take = (x: Float32Array): void => {
    values.set(x, filled);
    filled += x.length;
  };
  await eachBlock(data, part, take, count);
  if (out === undefined) {
    const lines = linesOf(format, values, size);
    return { kind: format.kind, count, lines, ...(isImageShape(shape) && { note: DRAWN }) };
  }
  const images = drawnImages(format.kind, { data: values, shape: [count, ...shape] });
  const { png } = await encodePng(imageGrid(images));
  await makeFoldersFor(out);
  await writeFileAtomically(out, png);
  return { kind: format.kind, count, path: out };
}

function linesOf(format: DataFormat, values: Float32Array, size: number): string[] {
  const rows = Array.from({ length: values.length / size }, (_, i) =>
    values.subarray(i * size, (i + 1) * size),
  );
  switch (format.kind) {
    case 'table': {
      const names = learnedColumns(format).map(({ name }) => name);
      const decoded = createTableCodec(format).decode(values);
      return [csvLine(names), ...decoded.map((row) => csvLine(names.map((name) => row[name])))];
    }
    case 'text': {
      const codec = textCodec(format);
      return rows.map((row) => JSON.stringify(codec.decode(row)));
    }
    case 'ratings':
      return rows.map((row) => itemsOf(row, format.items).join(', '));
    case 'image':
    case 'array':
    case 'audio':
      return rows.map(numbersOf);
  }
}

function itemsOf(row: Float32Array, items: readonly string[]): string[] {
  const chosen = items.filter((_, i) => (row[i] ?? 0) !== 0);
  const more = chosen.length - MOST_VALUES;
  return more > 0 ? [...chosen.slice(0, MOST_VALUES), `and ${more} more`] : chosen;
}

function numbersOf(row: Float32Array): string {
  const shown = Array.from(row.subarray(0, MOST_VALUES), (value) =>
    String(Number(value.toPrecision(6))),
  );
  return shown.join(', ') + (row.length > MOST_VALUES ? ', ...' : '');
}

function noSuchPart(source: string, part: DataPart): RunError {
  return new RunError({
    code: 'RUN_NO_SUCH_PART',
    where: source,
    expected: `a ${part} part`,
    got: 'none',
    fix: 'Name one, or hold one out (--validation-hold-out).',
  });
}

function noPicture(source: string, kind: string): RunError {
  return new RunError({
    code: 'RUN_NO_PICTURE',
    where: source,
    expected: 'examples that can be drawn: [height, width, 1 or 3]',
    got: `${kind} of another shape`,
    fix: 'Leave --out out: the first rows are printed.',
  });
}
