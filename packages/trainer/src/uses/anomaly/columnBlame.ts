/**
 * What an example's score comes from, of a table: -log p of each of its columns, given z, over what that
 * column costs normal examples on average. A column that is never easy to tell is thus not blamed for it.
 */
import { learnedColumns } from '@lockstep/data';
import { RunError } from '../../errors.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';
import { MeanRows, valuesOf, type ScoreSettings } from './anomalyScores.ts';

/** Values, rows times columns, that are kept at a time. */
const PIECE_VALUES = 2 ** 20;

/** Names of the columns that make an example; undefined where there are none, or no losses of each. */
export function columnsOf(trained: TrainedModel): readonly string[] | undefined {
  if (trained.format.kind !== 'table' || !trained.has('columnLosses')) return undefined;
  return learnedColumns(trained.format).map(({ name }) => name);
}

/** How scores are drawn, and so the losses of columns. */
export type DrawSettings = Omit<ScoreSettings, 'score'>;

export interface ColumnLosses {
  readonly first: number;
  readonly count: number;
  /** Mean over the draws, in nats. [count, columns] */
  readonly losses: Float64Array;
}

/** Each column's loss of each example, piece by piece, from the same draws as its score. */
export async function eachColumnLosses(
  trained: TrainedModel,
  data: UseData,
  { draws, seed }: DrawSettings,
  take: (piece: ColumnLosses) => void | Promise<void>,
): Promise<void> {
  const columns = columnsOf(trained)?.length;
  if (columns === undefined) throw noColumns(trained);
  let mean = new MeanRows(0);
  await trained.map('columnLosses', data, {
    pieceRows: Math.ceil(PIECE_VALUES / columns),
    draws,
    seed,
    onRows: async (rows, { first, count, draw }) => {
      if (draw === 0) mean = new MeanRows(count * columns);
      mean.add(valuesOf(rows, 'columnLosses'));
      if (draw === draws - 1) await take({ first, count, losses: mean.values() });
    },
  });
}

/** The columns' mean losses over the normal examples. */
export async function typicalLosses(
  trained: TrainedModel,
  data: UseData,
  options: DrawSettings,
  isNormal: (example: number) => boolean,
): Promise<Readonly<Record<string, number>> | undefined> {
  const names = columnsOf(trained);
  if (!names) return undefined;
  const sums = new Float64Array(names.length);
  let examples = 0;
  await eachColumnLosses(trained, data, options, ({ first, count, losses }) => {
    for (let i = 0; i < count; i++) {
      if (!isNormal(first + i)) continue;
      examples += 1;
      names.forEach((_, c) => {
        sums[c] = (sums[c] ?? 0) + (losses[i * names.length + c] ?? 0);
      });
    }
  });
  return Object.fromEntries(names.map((name, c) => [name, (sums[c] ?? 0) / examples]));
}

export interface Blame {
  /** Of the columns, those that cost most beyond what is typical. [most, count] */
  readonly names: readonly (readonly string[])[];
  /** Nats beyond it. [most, count] */
  readonly excess: readonly Float64Array[];
}

/** The `most` columns of each example to blame. */
export function blame(
  { count, losses }: ColumnLosses,
  names: readonly string[],
  typical: Readonly<Record<string, number>> | undefined,
  most: number,
): Blame {
  const usual = names.map((name) => typical?.[name] ?? 0);
  const chosen = Array.from({ length: most }, () => new Array<string>(count).fill(''));
  const excess = Array.from({ length: most }, () => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const beyond = usual.map((value, c) => (losses[i * names.length + c] ?? 0) - value);
    const order = [...beyond.keys()].sort((a, b) => (beyond[b] ?? 0) - (beyond[a] ?? 0) || a - b);
    for (let k = 0; k < most; k++) {
      const c = order[k] ?? 0;
      const [column, value] = [chosen[k], excess[k]];
      if (column) column[i] = names[c] ?? '';
      if (value) value[i] = beyond[c] ?? 0;
    }
  }
  return { names: chosen, excess };
}

function noColumns({ model }: TrainedModel): RunError {
  return new RunError({
    code: 'RUN_NO_COLUMNS',
    where: '--blame',
    expected: 'a model of a table that tells the loss of each column',
    got: `model ${model.name}`,
    fix: 'Leave it out, or train the preset tabular on a table.',
  });
}
