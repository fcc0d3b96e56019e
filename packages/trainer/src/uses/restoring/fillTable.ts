/** Missing values of a table, filled in by a model of such tables: the command `inpaint` on rows. */
import { createTableCodec, type TableColumnInfo } from '@lockstep/data/tables';
import { ConfigError, RunError } from '../../errors.ts';
import { checkOutput } from '../../run/checkOutput.ts';
import { writeTogether, type FileSet } from '../../run/fileSet.ts';
import { checkExamplePath } from '../exampleFile.ts';
import { exampleGroups, type ExampleGroup } from '../exampleGroups.ts';
import type { TrainedModel } from '../openTrained.ts';
import { openUseData } from '../useData.ts';
import { CellDraws, type Cell } from './filledCells.ts';
import { cellsPath, createFilledTable, type FilledFile } from './filledTable.ts';
import { HiddenErrors, hideCells, TypicalValues, type HiddenMeasures } from './hiddenCells.ts';
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
/** Values of rows that are in memory at a time. */
const GROUP_VALUES = 2 ** 18;

/**
 * Row by row, so that memory does not grow with them.
 * @throws ConfigError, DataError, RunError
 */
export function fillTable(
  trained: TrainedModel,
  options: InpaintOptions,
): Promise<TableInpaintResult> {
  return writeTogether((files) => fill(trained, options, files));
}

async function fill(
  trained: TrainedModel,
  options: InpaintOptions,
  written: FileSet,
): Promise<TableInpaintResult> {
  const { out, completions = 4, steps = 100, seed = 0, hide } = options;
  checkOptions(options);
  const { format } = trained;
  if (format.kind !== 'table') throw new Error('a table was looked for');
  checkExamplePath(out, format);
  checkOutput(cellsPath(out), '--out');
  for (const name of CHAIN_FUNCTIONS) trained.require(name);
  const outputs = [out, cellsPath(out)].map((path) => ({ path, where: '--out' }));
  const data = await openUseData(trained, options, { outputs });
  const { columns } = createTableCodec(format);
  const size = columns.length;
  const most = Math.min(options.examples ?? Infinity, data.info.count);
  const groups = (onRead: (done: number) => void) =>
    exampleGroups(trained, data, { rows: Math.ceil(GROUP_VALUES / size), most, onRead });
  const shownOf = (group: ExampleGroup): Float32Array =>
    hide === undefined ? group.x : hideCells(group, { size, share: hide, seed });
  const typical = new TypicalValues(columns);
  let [blocks, incomplete] = [0, 0];
  const looking = (read: number): void => trained.tell(read, most, 'looking for what is missing');
  for await (const group of groups(looking)) {
    const shown = shownOf(group);
    if (hide !== undefined) typical.add(shown);
    const rows = rowsOf(cellsOf(shown, size)).length;
    blocks += Math.ceil(rows / BLOCK);
    incomplete += rows;
  }
  if (incomplete === 0) throw nothingMissing(data.info.source);
  const errors = new HiddenErrors(columns, typical.values());
  const batch = Math.min(BLOCK, incomplete);
  const table = await createFilledTable(out, {
    ...{ data, completions, hides: hide !== undefined, files: written },
  });
  let [done, accepted, missing] = [0, 0, 0];
  // Rows between may lack nothing for long.
  const telling = (): void => trained.tell(done, blocks * completions * steps, 'chains');
  let files: FilledFile[];
  try {
    for await (const group of groups(telling)) {
      const shown = shownOf(group);
      const made = await fillGroup(
        trained,
        { ...group, shown },
        {
          ...{ columns, batch, completions, steps, seed },
          onStep: () => {
            done += 1;
            telling();
          },
        },
      );
      accepted += made.accepted;
      const { first, x } = group;
      await table.append({ ...made, first, x });
      for (const { row, column } of made.cells) {
        const at = row * size + column;
        const wanted = x[at] ?? NaN;
        if (Number.isNaN(wanted)) missing += 1;
        else errors.add(column, wanted, made.filled[at] ?? NaN);
      }
    }
    files = await table.finish();
  } finally {
    await table.close();
  }
  const { checkpoint, step } = trained;
  return {
    ...{ kind: 'table', checkpoint, step, source: data.info.source, examples: most },
    ...{ incomplete, missing, completions, steps },
    accepted: accepted / (incomplete * completions),
    ...(hide !== undefined && { hidden: errors.measures() }),
    files,
  };
}

interface ShownGroup extends ExampleGroup {
  /** What the model sees: NaN where a value is missing or hidden. [count, size] */
  readonly shown: Float32Array;
}

interface GroupFilling {
  readonly columns: readonly TableColumnInfo[];
  readonly batch: number;
  readonly completions: number;
  readonly steps: number;
  readonly seed: number;
  onStep(): void;
}

async function fillGroup(
  trained: TrainedModel,
  { first, shown, label }: ShownGroup,
  { columns, batch, completions, steps, seed, onStep }: GroupFilling,
) {
  const size = columns.length;
  const cells = cellsOf(shown, size);
  const filled = shown.slice();
  const draws: number[][] = Array.from({ length: completions }, () => []);
  let accepted = 0;
  for (const block of blocksOf(cells)) {
    const rows = rowsOf(block);
    const places = new Map(rows.map((row, place) => [row, place]));
    const x = new Float32Array(batch * size);
    rows.forEach((row, i) => x.set(shown.subarray(row * size, (row + 1) * size), i * size));
    const labels = label && new Float32Array(batch);
    rows.forEach((row, i) => labels?.set([label?.[row] ?? -1], i));
    const given = { numbers: rows.map((row) => first + row), batch, x, label: labels };
    const total = new CellDraws(block, columns);
    for (let chain = 0; chain < completions; chain++) {
      let last: readonly number[] = [];
      const share = await drawMissing(trained, given, {
        ...{ steps, seed, chain, onStep },
        onDraw: (complete) => {
          last = block.map(
            ({ row, column }) => complete[(places.get(row) ?? NaN) * size + column] ?? NaN,
          );
          total.add(last);
        },
      });
      for (const value of last) draws[chain]?.push(value);
      accepted += share * rows.length;
    }
    total.values().forEach((value, i) => {
      const cell = block[i];
      if (cell) filled[cell.row * size + cell.column] = value;
    });
  }
  return { cells, filled, draws, accepted };
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
function rowsOf(cells: readonly Cell[]): number[] {
  return [...new Set(cells.map(({ row }) => row))];
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
