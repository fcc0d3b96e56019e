/**
 * The parts of a source: train, test, and validation where there is one. Each comes from a file or folder
 * that the user names, else from the source's own, else it is split off from what is trained on.
 */
import { checkAugmentation, parseAugmentation } from './augment/augmentation.ts';
import { DataError } from './errors.ts';
import type { DataFormat } from './format.ts';
import { labelledSource, onlyLabels } from './onlyLabels.ts';
import { defaultHoldOut, type DataOptions } from './options.ts';
import type { TableDescription } from './tables/describeColumns.ts';
import { classesOf, makePart, withFewLabels, type Part } from './parts.ts';
import { repeatLabelled } from './repeatLabelled.ts';
import { formatShape } from './shape.ts';
import type { ExampleSource, OpenedFile } from './sources/exampleSource.ts';
import { asTrained } from './sources/asTrained.ts';
import type { OpenPart, OpenRequest } from './sources/openedPath.ts';
import { openSource } from './openSource.ts';
import type { CopyParts } from './splits/copyLines.ts';
import { makeSplit } from './splits/makeSplit.ts';
import { tooSmallClasses } from './splits/tooSmallClasses.ts';
import type { SpoolOptions } from './streaming/spool.ts';

export interface OpenedParts {
  readonly train: Part;
  readonly validation: Part | undefined;
  readonly test: Part;
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
  /** What they should know of how the parts were split, a sentence each. */
  readonly splitNotes: readonly string[];
  readonly table: TableDescription | undefined;
  readonly copyParts: CopyParts | undefined;
  /** Ends what the sources hold open. */
  close(): Promise<void>;
}

/** Throws DataError. */
export async function openParts(
  source: string,
  options: DataOptions,
  format: DataFormat | undefined,
  spooling: SpoolOptions,
): Promise<OpenedParts> {
  const files: OpenedFile[] = [];
  const close = async (): Promise<void> => {
    for (const file of files) await file.close?.();
  };
  try {
    const parts = await openInto(files, source, { options, format, spooling });
    const { augment } = options;
    if (augment !== undefined) {
      checkAugmentation(parseAugmentation(augment), source, parts.train.info);
    }
    return { ...parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param files that are opened */
async function openInto(
  files: OpenedFile[],
  source: string,
  request: OpenRequest,
): Promise<Omit<OpenedParts, 'close'>> {
  const opened = await openSource(source, { ...request, isOwn: true });
  const { options } = request;
  files.push(opened.train);
  const openOwn = {
    validation: partOf(files, opened.validation, options.validation, request),
    test: partOf(files, opened.test, options.test, request),
  };
  checkUseful(source, options, openOwn);
  const shares = {
    validation: openOwn.validation ? 0 : (options.validationHoldOut ?? 0),
    test: openOwn.test ? 0 : (options.holdOut ?? defaultHoldOut),
  };
  const { split = 'random', splitSeed = 0 } = options;
  const held =
    shares.validation + shares.test === 0
      ? undefined
      : await makeSplit(opened.train, shares, { split, seed: splitSeed });
  const { labels, classNames } = opened.train;
  const lacking =
    split === 'stratified' && held && labels
      ? tooSmallClasses({ labels, classNames }, held, shares)
      : undefined;
  const only = options.onlyLabels;
  const trained = onlyLabels(opened.train, held?.train, only);
  const { schema, columns = [] } = opened.train;
  const all = await opened.train.fit(trained);
  const [validation, test] = await Promise.all([openOwn.validation?.(all), openOwn.test?.(all)]);
  for (const other of [validation, test]) if (other) checkShapes(all.shape, all.where, other);

  const classes = classesOf(all, validation, test);
  const whole = (from: ExampleSource, name = source, positions?: Uint32Array): Part =>
    makePart(from, { name, classes, positions });
  const some = (positions: Uint32Array | undefined): Part =>
    makePart(all, { name: source, positions, classes });
  return {
    notes: [...(opened.train.notes ?? []), ...(all.notes ?? [])],
    splitNotes: lacking === undefined ? [] : [lacking],
    table: schema && { schema, columns },
    copyParts: opened.train.copyParts,
    train: repeatLabelled(withFewLabels(some(trained), options.labels), options.labelledShare),
    validation: validation
      ? whole(
          validation,
          options.validation,
          onlyLabels(labelledSource(validation), undefined, only),
        )
      : shares.validation > 0
        ? some(onlyLabels(opened.train, held?.validation, only))
        : undefined,
    test: test ? whole(test, options.test) : some(held?.test),
  };
}

/** How to open a part: that which the user names, or that of the source. */
function partOf(
  files: OpenedFile[],
  own: OpenPart | undefined,
  named: string | undefined,
  request: OpenRequest,
): OpenPart | undefined {
  if (named === undefined) return own;
  return async (trained) => {
    const { format } = trained;
    const options = asTrained(trained, request.options);
    const opened = await openSource(named, { ...request, options, format });
    files.push(opened.train);
    const whole = await opened.train.fit(undefined);
    return opened.test ? opened.test(whole) : whole;
  };
}

/** @param advice how images are made alike; default: by options */
export function checkShapes(
  shape: readonly number[],
  trained: string,
  test: ExampleSource,
  advice = `: --resize ${shape.slice(0, 2).join('x')}, --color grey or rgb`,
): void {
  if (formatShape(shape) === formatShape(test.shape)) return;
  throw new DataError({
    code: 'DATA_SHAPE_MISMATCH',
    where: test.where,
    expected: `examples of shape ${formatShape(shape)}, as ${trained} has`,
    got: formatShape(test.shape),
    fix: `Use matching files, or make them alike${test.format.kind === 'image' ? advice : ''}.`,
  });
}

/** Options of a split that splits nothing are mistakes. */
function checkUseful(
  source: string,
  { holdOut, validationHoldOut, split, splitSeed }: DataOptions,
  own: { readonly validation: OpenPart | undefined; readonly test: OpenPart | undefined },
): void {
  if (own.test && holdOut !== undefined) {
    throw useless('holdOut', source, 'test', `holdOut ${holdOut}`);
  }
  if (own.validation && validationHoldOut !== undefined) {
    const got = `validationHoldOut ${validationHoldOut}`;
    throw useless('validationHoldOut', source, 'validation', got);
  }
  const splits = !own.test || validationHoldOut !== undefined;
  if (!splits && (split !== undefined || splitSeed !== undefined)) {
    const got = split === undefined ? `splitSeed ${splitSeed}` : `split ${split}`;
    throw useless(split === undefined ? 'splitSeed' : 'split', source, 'test', got);
  }
}

function useless(where: string, source: string, part: string, got: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where,
    expected: `nothing held out, since ${source} has ${part} data of its own`,
    got,
    fix: 'Leave the option out.',
  });
}
