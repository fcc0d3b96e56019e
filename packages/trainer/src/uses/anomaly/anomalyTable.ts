/** Scores as a table: which example it is, its label, its score, the verdict, and the columns to blame. */
import { isNpyPath } from '../../results/resultTable.ts';
import type { ColumnValues, ResultColumn } from '../../results/tableFormat.ts';
import type { FileSet } from '../../run/fileSet.ts';
import { createExampleTable, type KeepOptions } from '../exampleTable.ts';
import { labelColumn, labelValues } from '../labelColumn.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';
import { trueClasses } from '../trueClasses.ts';
import {
  blame,
  columnsOf,
  eachColumnLosses,
  type Blame,
  type DrawSettings,
} from './columnBlame.ts';

/** Rows written at a time. */
const BLOCK = 16_384;

export interface AnomalyTable extends KeepOptions {
  readonly path: string;
  readonly scores: Float64Array;
  readonly threshold: number | undefined;
  /** Columns to blame for each example's score. */
  readonly blamed: number;
  readonly typical: Readonly<Record<string, number>> | undefined;
  /** How the scores were drawn. */
  readonly settings: DrawSettings;
  readonly files: FileSet;
}

/** @throws ConfigError, RunError */
export async function writeAnomalies(
  trained: TrainedModel,
  data: UseData,
  { path, scores, threshold, blamed, typical, settings, ...keep }: AnomalyTable,
): Promise<void> {
  const numbers = { labels: data.labels, names: undefined };
  const { labels, names: classNames } = (!isNpyPath(path) && trueClasses(trained, data)) || numbers;
  const columns: ResultColumn[] = [
    ...(labels ? [labelColumn('label', classNames)] : []),
    { name: 'score', type: 'float64' },
    ...(threshold === undefined ? [] : [{ name: 'verdict', type: 'string' } as const]),
    ...Array.from({ length: blamed }, (_, k): ResultColumn[] => [
      { name: `blame${k + 1}`, type: 'string' },
      { name: `excess${k + 1}`, type: 'float32' },
    ]).flat(),
  ];
  const table = await createExampleTable(path, columns, data, keep);
  const append = (first: number, count: number, found?: Blame): Promise<void> => {
    const part = scores.subarray(first, first + count);
    return table.append({ first, count }, [
      ...(labels ? [labelValues(labels.subarray(first, first + count), classNames)] : []),
      part,
      ...(threshold === undefined ? [] : [Array.from(part, (score) => verdict(score, threshold))]),
      ...(found?.names.flatMap((names, k): ColumnValues[] => [
        names,
        found.excess[k] ?? new Float64Array(count),
      ]) ?? []),
    ]);
  };
  try {
    const names = columnsOf(trained) ?? [];
    if (blamed > 0) {
      await eachColumnLosses(trained, data, settings, (piece) =>
        append(piece.first, piece.count, blame(piece, names, typical, blamed)),
      );
    } else {
      for (let first = 0; first < scores.length; first += BLOCK) {
        await append(first, Math.min(BLOCK, scores.length - first));
      }
    }
    await table.finish();
  } finally {
    await table.close();
  }
}

function verdict(score: number, threshold: number): string {
  return score > threshold ? 'anomalous' : 'normal';
}
