/** Missing values of a table, filled in by a model of such tables: the command `inpaint` on rows. */
import { createTableCodec } from '@lockstep/data/tables';
import { ConfigError, RunError } from '../../errors.ts';
import { checkExamplePath } from '../exampleFile.ts';
import type { TrainedModel } from '../openTrained.ts';
import { takeExamples, type Examples } from '../takeExamples.ts';
import { openUseData } from '../useData.ts';
import { CellDraws, type Cell } from './filledCells.ts';
import { writeFilledTable, type FilledFile } from './filledTable.ts';
import { hideCells, measureHidden, type HiddenMeasures } from './hiddenCells.ts';
import type { InpaintOptions } from './inpaintOptions.ts';
import { CHAIN_FUNCTIONS, drawMissing } from './missingValues.ts';

export interface TableInpaintResult {
  readonly kind: 'table';
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  /** Rows of the table. */
  readonly examples: number;
  /** Rows of which something was filled in. */
  readonly incomplete: number;
  /** Missing values that were filled in. */
  readonly missing: number;
  readonly completions: number;
  readonly steps: number;
  /** Share of the chains' proposals that were taken: where it is near 0, more steps are needed. */
  readonly accepted: number;
  /** Where known values were hidden: how well they were filled in. */
  readonly hidden?: HiddenMeasures;
  readonly files: readonly FilledFile[];
}

/** Rows that go through the model at a time. */
const BLOCK = 128;

/** @throws ConfigError, DataError, RunError */
export async function fillTable(
  trained: TrainedModel,
  options: InpaintOptions,
): Promise<TableInpaintResult> {
  const { out, completions = 4, steps = 100, seed = 0, hide, onProgress } = options;
  checkOptions(options);
  const { format } = trained;
  if (format.kind !== 'table') throw new Error('a table was looked for');
  checkExamplePath(out, format);
  for (const name of CHAIN_FUNCTIONS) trained.require(name);
  const data = await openUseData(trained, options);
  const examples = await takeExamples(trained, data, options.examples ?? Infinity);
  if (examples.count < Math.min(options.examples ?? Infinity, data.info.count)) {
    throw streamed(data.info.source);
  }
  const { columns } = createTableCodec(format);
  const { x, size } = examples;
  const shown = hide === undefined ? x : hideCells(x, size, hide, seed);
  const blocks = blocksOf(cellsOf(shown, size));
  if (blocks.length === 0) throw nothingMissing(data.info.source);
  const filled = shown.slice();
  const cells: Cell[] = [];
  const draws: number[][] = Array.from({ length: completions }, () => []);
  let [done, proposals, accepted, incomplete] = [0, 0, 0, 0];
  for (const block of blocks) {
    const rows = rowsOf(block, { ...examples, x: shown });
    const total = new CellDraws(block, columns);
    for (let chain = 0; chain < completions; chain++) {
      let last: readonly number[] = [];
      const share = await drawMissing(trained, rows, {
        ...{ steps, seed, chain },
        onDraw: (complete) => {
          last = block.map(({ row, column }) => complete[rows.place(row) * size + column] ?? NaN);
          total.add(last);
        },
        onStep: () => onProgress?.(++done, blocks.length * completions * steps),
      });
      for (const value of last) draws[chain]?.push(value);
      proposals += rows.numbers.length;
      accepted += share * rows.numbers.length;
    }
    total.values().forEach((value, i) => {
      const cell = block[i];
      if (cell) filled[cell.row * size + cell.column] = value;
    });
    cells.push(...block);
    incomplete += rows.numbers.length;
  }
  const valueAt = (values: Float32Array, { row, column }: Cell): number =>
    values[row * size + column] ?? NaN;
  const hiddenCells = cells.filter((cell) => !Number.isNaN(valueAt(x, cell)));
  const files = await writeFilledTable(out, {
    ...{ format, columns, size, x, filled, cells, draws, hides: hide !== undefined },
    labels: data.labels?.subarray(0, examples.count),
  });
  const { checkpoint, step } = trained;
  return {
    ...{ kind: 'table', checkpoint, step, source: data.info.source, examples: examples.count },
    ...{ incomplete, missing: cells.length - hiddenCells.length, completions, steps },
    accepted: accepted / proposals,
    ...(hide !== undefined && {
      hidden: measureHidden({
        ...{ columns, shown, cells: hiddenCells },
        truth: Float32Array.from(hiddenCells, (cell) => valueAt(x, cell)),
        filled: Float32Array.from(hiddenCells, (cell) => valueAt(filled, cell)),
      }),
    }),
    files,
  };
}

/** In the order of the rows. */
function cellsOf(x: Float32Array, size: number): Cell[] {
  const cells: Cell[] = [];
  x.forEach((value, i) => {
    if (Number.isNaN(value)) cells.push({ row: Math.floor(i / size), column: i % size });
  });
  return cells;
}

/** Cells of so many rows together. */
function blocksOf(cells: readonly Cell[]): Cell[][] {
  const blocks: Cell[][] = [];
  let rows = 0;
  cells.forEach((cell, i) => {
    const isNew = cells[i - 1]?.row !== cell.row;
    if (isNew && rows++ % BLOCK === 0) blocks.push([]);
    blocks.at(-1)?.push(cell);
  });
  return blocks;
}

/** The rows of some cells, once each. */
function rowsOf(
  cells: readonly Cell[],
  { x, size, label }: Pick<Examples, 'x' | 'size' | 'label'>,
) {
  const numbers = [...new Set(cells.map(({ row }) => row))];
  const places = new Map(numbers.map((row, place) => [row, place]));
  const taken = new Float32Array(numbers.length * size);
  numbers.forEach((row, place) => {
    taken.set(x.subarray(row * size, (row + 1) * size), place * size);
  });
  return {
    numbers,
    x: taken,
    label: label && Float32Array.from(numbers, (row) => label[row] ?? -1),
    place: (row: number): number => places.get(row) ?? NaN,
  };
}

function checkOptions(options: InpaintOptions): void {
  const useless = (['mask', 'box', 'count'] as const).find((name) => options[name] !== undefined);
  if (useless === undefined) return;
  throw new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: `--${useless}`,
    expected: 'a run on pictures',
    got: 'one on a table, whose missing values are filled in',
    fix: 'Leave it out; --hide 0.1 hides known values.',
  });
}

function nothingMissing(source: string): RunError {
  return new RunError({
    code: 'RUN_NOTHING_MISSING',
    where: source,
    expected: 'a table with missing values',
    got: 'one in which every value is known',
    fix: 'Name another (--data), or hide some values to see how well they are filled in (--hide 0.1).',
  });
}

function streamed(source: string): RunError {
  return new RunError({
    code: 'RUN_DATA_STREAMED',
    where: source,
    expected: 'a table that fits in memory',
    got: 'one that is streamed',
    fix: 'Cut it into several files, or train with a larger --memory-limit.',
  });
}
