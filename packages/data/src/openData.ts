/**
 * From what a user names to datasets: train, test, and validation where there is one. Opening reads
 * headers and labels, and what the training part says of how to read the rest; loading decodes into
 * shared memory.
 */
import { binarizationOf } from './binarize.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import type { FactorTable } from './factors.ts';
import type { DataFormat } from './format.ts';
import { parseAugmentation } from './augment/augmentation.ts';
import { checkOptions, type DataOptions, type ReadSettings } from './options.ts';
import { checkShapes, openParts } from './openParts.ts';
import { checkFileSettings } from './readSettings.ts';
import { PartLoader, type LoadOptions } from './loadPart.ts';
import { classesOf, makePart, ratingsOf, type DataPart, type Part } from './parts.ts';
import type { PassedOver, RatingRows } from './storedRatings.ts';
import type { ColumnCells } from './tables/cellCounts.ts';
import type { TableDescription } from './tables/describeColumns.ts';
import type { TableRows } from './tables/tableRows.ts';
import { asTrained } from './sources/asTrained.ts';
import type { ExampleFiles } from './sources/exampleFiles.ts';
import type { OpenedFile, UnseenLabels } from './sources/exampleSource.ts';
import { copySplit } from './splits/copySplit.ts';
import type { OpenedPath } from './sources/openedPath.ts';
import { openSource } from './openSource.ts';
import type { SpoolOptions } from './streaming/spool.ts';

export interface DataSource {
  readonly train: DatasetInfo;
  /** Of examples that are neither trained nor tested on, to choose by: when to stop, which weights to keep. */
  readonly validation?: DatasetInfo;
  readonly test: DatasetInfo;
  /** What the user should know of how it is read, a sentence each. */
  readonly notes: readonly string[];
  /** What the user should know of how the parts were split, a sentence each. */
  readonly splitNotes: readonly string[];
  /** Of a table, without a `format`: what its columns are, by all of its rows. */
  readonly table?: TableDescription;
  /**
   * Where the examples are lines or rows of one file: hands out what files of the parts that are split off from it
   * would hold, piece by piece; text as the source has it, CSV of Parquet. Throws DataError.
   */
  readonly copyParts?: (
    take: (part: DataPart, bytes: Uint8Array) => Promise<void>,
  ) => Promise<void>;
  /** Which examples of the source a part has, ascending; undefined: all, or those of a file of its own. */
  readonly positions: Readonly<Record<DataPart, Uint32Array | undefined>>;
  /** One an example, -1 where it is not known; undefined where there are none. */
  readonly labels: Readonly<Record<DataPart, Int32Array | undefined>>;
  /** Labels that training has no name for, which are -1 among `labels`. */
  readonly unseenLabels: Readonly<Record<DataPart, UnseenLabels | undefined>>;
  /** What each example of a part was made of, where that is known. */
  readonly factors: Readonly<Record<DataPart, FactorTable | undefined>>;
  /** Of ratings: whose each example of a part is. */
  readonly users: Readonly<Record<DataPart, readonly string[] | undefined>>;
  /** Of a folder of pictures or of sound, and of one recording: which file each example of a part is, or is cut from. */
  readonly files: Readonly<Record<DataPart, ExampleFiles | undefined>>;
  /** Of a table: the rows that a part's examples are made of, as the file has them. */
  readonly tableRows: Readonly<Record<DataPart, TableRows | undefined>>;
  /** Of text: a pass over the lines, from 1, that a part's examples begin in. */
  readonly lines: Readonly<Record<DataPart, Part['lines']>>;
  /** Of ratings: what each example of a part has. */
  readonly ratings: Readonly<Record<DataPart, RatingRows | undefined>>;
  /**
   * Decodes one part into shared memory; where that is more than the limit, in windows, as workers come to
   * them. Parts may be loaded at the same time.
   */
  load(part: DataPart, options: LoadOptions): Promise<Dataset>;
  /** Of a table's part that is a file of its own and was loaded: what stood in the cells of each learned column. */
  cells(part: DataPart): readonly ColumnCells[];
  /** Ends what streams the parts, where something does. */
  close(): Promise<void>;
}

/**
 * Opens a source: see `openSource`. With a `format`, that of an earlier run on it, nothing is found
 * anew. `spooling` matters where ratings are more than the memory limit: they are written to a temporary file now.
 * Throws DataError.
 */
export async function openData(
  source: string,
  options: DataOptions = {},
  format?: DataFormat,
  spooling: SpoolOptions = {},
): Promise<DataSource> {
  checkOptions(options);
  const parts = await openParts(source, options, format, spooling);
  const { train, validation, test, copyParts } = parts;
  const loader = new PartLoader(options.memoryLimit);
  const augmentation =
    options.augment === undefined ? undefined : parseAugmentation(options.augment);
  const each = <T>(of: (part: Part) => T) => ({
    train: of(train),
    validation: validation && of(validation),
    test: of(test),
  });
  return {
    train: train.info,
    ...(validation && { validation: validation.info }),
    test: test.info,
    notes: parts.notes,
    splitNotes: parts.splitNotes,
    ...(parts.table && { table: parts.table }),
    ...(copyParts && { copyParts: (take) => copySplit(copyParts, parts, take) }),
    positions: each((part) => part.positions),
    labels: each((part) => part.labels),
    unseenLabels: each((part) => part.unseenLabels),
    factors: each((part) => part.factors),
    users: each((part) => part.users),
    files: each((part) => part.files),
    tableRows: each((part) => part.tableRows),
    lines: each((part) => part.lines),
    cells: (name) => {
      const part = parts[name];
      return (!part?.positions && part?.source.cells?.()) || [];
    },
    ratings: each((part) => ratingsOf(part, options.memoryLimit)),
    close: async () => {
      await loader.close();
      await parts.close();
    },
    async load(name, loadOptions) {
      const part = parts[name];
      if (!part) throw new Error(`There is no ${name} part.`);
      const dataset = await loader.load(part, name === 'train' ? 1 / 2 : 1 / 4, loadOptions);
      const binarized = withBinarization(dataset, options.binarize, name);
      return augmentation && name === 'train' ? { ...binarized, augmentation } : binarized;
    },
  };
}

/** More data for a model that was trained on data of this format and shape. */
export interface MoreData {
  readonly info: DatasetInfo;
  /** What the user should know of how it is read, a sentence each. */
  readonly notes: readonly string[];
  readonly labels: Int32Array | undefined;
  /** Labels that training has no name for, which are -1 among `labels`. */
  readonly unseenLabels: UnseenLabels | undefined;
  /** Of ratings: whose each example is. */
  readonly users: readonly string[] | undefined;
  /** Of a folder of pictures or of sound, and of one recording: which file each example is, or is cut from. */
  readonly files: ExampleFiles | undefined;
  /** Of a table: its rows, as the file has them. */
  readonly tableRows: TableRows | undefined;
  /** Of text: a pass over the lines, from 1, that its examples begin in. */
  readonly lines: Part['lines'];
  /** Of ratings: what each example has. */
  readonly ratings: RatingRows | undefined;
  /** Of ratings: those of items that training did not see. */
  readonly passedOver: PassedOver | undefined;
  load(options: LoadOptions): Promise<Dataset>;
  /** Of a table that was loaded: what stood in the cells of each learned column. */
  cells(): readonly ColumnCells[];
  /** Ends what streams the data, where that is so. */
  close(): Promise<void>;
}

/** Spooling matters as it does for `openData`. */
export interface OpenMoreOptions extends SpoolOptions {
  /** How its file is written, where that is otherwise. */
  readonly read?: ReadSettings | undefined;
}

/** Opens all examples of a source as those that `trained` describes. Throws DataError. */
export async function openMoreData(
  source: string,
  options: DataOptions,
  trained: Pick<DatasetInfo, 'format' | 'shape' | 'classes'>,
  { read = {}, ...spooling }: OpenMoreOptions = {},
): Promise<MoreData> {
  checkOptions(options);
  checkFileSettings(trained.format.kind, read);
  const asNow = { ...asTrained(trained, options), read: { ...options.read, ...read } };
  const opened = await openSource(source, { options: asNow, format: trained.format, spooling });
  const file = opened.all ?? opened.train;
  const { examples, passedOver } = await fitAs(trained.shape, file).catch(
    async (error: unknown) => {
      await file.close?.();
      throw error;
    },
  );
  const classes = Math.max(trained.classes ?? 0, classesOf(examples) ?? 0) || undefined;
  const part = makePart(examples, { name: source, classes });
  const loader = new PartLoader(options.memoryLimit);
  return {
    info: part.info,
    notes: [
      ...(opened.train.notes ?? []),
      ...(examples.notes ?? []),
      ...partNotes(source, opened, part.info.count),
    ],
    labels: part.labels,
    unseenLabels: part.unseenLabels,
    users: part.users,
    files: part.files,
    tableRows: part.tableRows,
    lines: part.lines,
    cells: () => examples.cells?.() ?? [],
    ratings: ratingsOf(part, options.memoryLimit),
    passedOver,
    close: async () => {
      await loader.close();
      await file.close?.();
    },
    async load(loadOptions) {
      const dataset = await loader.load(part, 1, loadOptions);
      return withBinarization(dataset, options.binarize, 'test');
    },
  };
}

/** Of a source that has parts, the training part is all there is to use. */
function partNotes(source: string, { all, test, validation }: OpenedPath, count: number): string[] {
  if (all || !(test ?? validation)) return [];
  const others = [test && 'test', validation && 'validation'].filter(Boolean).join(' and ');
  return [
    `${source} has a ${others} part besides: the ${count} examples of its training part are used.`,
  ];
}

async function fitAs(shape: readonly number[], file: OpenedFile) {
  const examples = await file.fit(undefined);
  const [height = 1, width = 1, channels = 1] = shape;
  const options = `--resize ${height}x${width} --color ${channels === 3 ? 'rgb' : 'grey'}`;
  const advice = ` beforehand; a model trained with ${options} reads images of any size and color`;
  checkShapes(shape, 'the training data', examples, advice);
  return { examples, passedOver: await examples.passedOver?.() };
}

function withBinarization(
  dataset: Dataset,
  binarize: DataOptions['binarize'],
  part: DataPart,
): Dataset {
  const binarization = binarizationOf(binarize, part);
  return binarization ? { ...dataset, binarization } : dataset;
}
