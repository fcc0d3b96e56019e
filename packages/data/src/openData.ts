/**
 * From what a user names to two datasets, train and test. Opening reads headers and labels, and what
 * the training part says of how to read the rest; loading decodes into shared memory. Where a source
 * has no test part, a tenth of it is held out (sources/holdOut.ts).
 */
import { binarizationOf } from './binarize.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import { DataError } from './errors.ts';
import type { FactorTable } from './factors.ts';
import type { DataFormat } from './format.ts';
import { checkOptions, defaultHoldOut, type DataOptions } from './options.ts';
import { classesOf, loadPart, makePart, withFewLabels, type DataPart, type Part } from './parts.ts';
import { formatShape } from './shape.ts';
import type { ExampleSource } from './sources/exampleSource.ts';
import { holdOut } from './sources/holdOut.ts';
import { asTrained } from './sources/openImages.ts';
import { openSource, type OpenedPath } from './sources/openSource.ts';

export interface DataSource {
  readonly train: DatasetInfo;
  readonly test: DatasetInfo;
  /** What each example of a part was made of, where that is known. */
  readonly factors: Readonly<Record<DataPart, FactorTable | undefined>>;
  /**
   * Decodes one part into shared memory, with `stagingBytes` behind it for workers' batch buffers.
   * Both parts may be loaded at the same time.
   */
  load(part: DataPart, options: { readonly stagingBytes: number }): Promise<Dataset>;
}

/**
 * Opens a source: see `openSource`. With a `format`, that of an earlier run on it, nothing is found
 * anew. Throws DataError.
 */
export async function openData(
  source: string,
  options: DataOptions = {},
  format?: DataFormat,
): Promise<DataSource> {
  checkOptions(options);
  const parts = await openParts(source, options, format);
  return {
    train: parts.train.info,
    test: parts.test.info,
    factors: { train: parts.train.factors, test: parts.test.factors },
    async load(part, { stagingBytes }) {
      const dataset = await loadPart(parts[part], stagingBytes);
      const binarization = binarizationOf(options.binarize, part);
      return binarization ? { ...dataset, binarization } : dataset;
    },
  };
}

/** More data for a model that was trained on data of this format and shape. */
export interface MoreData {
  readonly info: DatasetInfo;
  readonly labels: Int32Array | undefined;
  load(options: { readonly stagingBytes: number }): Promise<Dataset>;
}

/** Opens all examples of a source as those that `trained` describes. Throws DataError. */
export async function openMoreData(
  source: string,
  options: DataOptions,
  trained: Pick<DatasetInfo, 'format' | 'shape' | 'classes'>,
): Promise<MoreData> {
  checkOptions(options);
  const opened = await openSource(source, asTrained(trained, options), trained.format);
  const examples = await opened.train.fit(undefined);
  checkShapes(trained.shape, 'the training data', examples);
  const classes = Math.max(trained.classes ?? 0, classesOf(examples) ?? 0) || undefined;
  const part = makePart(examples, { name: source, classes });
  return {
    info: part.info,
    labels: part.labels,
    async load({ stagingBytes }) {
      const dataset = await loadPart(part, stagingBytes);
      const binarization = binarizationOf(options.binarize, 'test');
      return binarization ? { ...dataset, binarization } : dataset;
    },
  };
}

async function openParts(
  source: string,
  options: DataOptions,
  format: DataFormat | undefined,
): Promise<Readonly<Record<DataPart, Part>>> {
  const opened = await openSource(source, options, format);
  const openTest = testOf(opened, options);
  if (openTest) {
    if (options.holdOut !== undefined) throw uselessHoldOut(source, options.holdOut);
    const train = await opened.train.fit(undefined);
    const test = await openTest(train);
    checkShapes(train.shape, train.where, test);
    const classes = classesOf(train, test);
    return {
      train: withFewLabels(makePart(train, { name: source, classes }), options.labels),
      test: makePart(test, { name: options.test ?? source, classes }),
    };
  }
  const split = holdOut(source, opened.train.count, options.holdOut ?? defaultHoldOut);
  const all = await opened.train.fit(split.train);
  const part = (positions: Uint32Array): Part =>
    makePart(all, { name: source, positions, classes: classesOf(all) });
  return { train: withFewLabels(part(split.train), options.labels), test: part(split.test) };
}

/** How to open the test part: the one the user names, or that of the source. */
function testOf(opened: OpenedPath, options: DataOptions): OpenedPath['test'] {
  const { test } = options;
  if (test === undefined) return opened.test;
  return async (trained) => {
    const named = await openSource(test, asTrained(trained, options), trained.format);
    const whole = await named.train.fit(undefined);
    return named.test ? named.test(whole) : whole;
  };
}

function checkShapes(shape: readonly number[], trained: string, test: ExampleSource): void {
  if (formatShape(shape) === formatShape(test.shape)) return;
  const size = shape.slice(0, 2).join('x');
  const advice = test.format.kind === 'image' ? `: --resize ${size}, --color grey or rgb` : '';
  throw new DataError({
    code: 'DATA_SHAPE_MISMATCH',
    where: test.where,
    expected: `examples of shape ${formatShape(shape)}, as ${trained} has`,
    got: formatShape(test.shape),
    fix: `Use matching files, or make them alike${advice}.`,
  });
}

function uselessHoldOut(source: string, share: number): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'holdOut',
    expected: `nothing held out, since ${source} has test data of its own`,
    got: `holdOut ${share}`,
    fix: 'Leave the option out.',
  });
}
