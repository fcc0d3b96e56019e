/**
 * The table of latents: which example it is, its label where there are labels, the latents, and the log of
 * their variances. As .npy, the latents alone: a matrix [examples, dimensions], and a second file
 * `NAME.logVar.npy` beside it.
 */
import type { Rows } from '@lockstep/core/metrics';
import { createTable, isNpyPath, type ResultTable } from '../results/resultTable.ts';
import type { ColumnValues, ResultColumn } from '../results/tableFormat.ts';
import type { Piece } from '../rows/rowsPlan.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { createExampleTable, type KeepOptions } from './exampleTable.ts';
import { labelColumn, labelValues } from './labelColumn.ts';
import type { Latents } from './latents.ts';
import type { UseData } from './openTrained.ts';

export interface EmbeddedFile {
  readonly kind: 'latents' | 'log-variances' | 'scatter' | 'kl' | 'manifold';
  readonly path: string;
}

export interface LatentsTable {
  append(codes: Rows, logVar: Rows | undefined, piece: Piece): Promise<void>;
  finish(): Promise<EmbeddedFile[]>;
  discard(): Promise<void>;
}

interface Embedded extends KeepOptions {
  readonly data: UseData;
  readonly classNames?: readonly string[];
}

/** @throws ConfigError, RunError */
export async function openLatentsTable(
  path: string,
  latents: Latents,
  { data, classNames, ...keep }: Embedded,
): Promise<LatentsTable> {
  if (isNpyPath(path)) return openMatrices(path, latents);
  const { labels } = data;
  const columns: ResultColumn[] = [
    ...(labels ? [labelColumn('label', classNames)] : []),
    ...numbered(latents.output, latents.dim),
    ...(latents.hasLogVar ? numbered('logVar', latents.dim) : []),
  ];
  const table = await createExampleTable(path, columns, data, keep);
  return {
    append: (codes, logVar, { first, count }) =>
      table.append({ first, count }, [
        ...(labels ? [labelValues(labels.subarray(first, first + count), classNames)] : []),
        ...columnsOf(codes),
        ...(logVar ? columnsOf(logVar) : []),
      ]),
    finish: async () => {
      await table.finish();
      return [{ kind: 'latents', path }];
    },
    discard: () => table.discard(),
  };
}

async function openMatrices(path: string, latents: Latents): Promise<LatentsTable> {
  const variancesPath = path.replace(/\.npy$/i, '.logVar.npy');
  if (latents.hasLogVar) checkOutput(variancesPath, '--out');
  const codesTable = await createTable(path, numbered(latents.output, latents.dim));
  let variances: ResultTable | undefined;
  try {
    if (latents.hasLogVar)
      variances = await createTable(variancesPath, numbered('logVar', latents.dim));
  } catch (error) {
    await codesTable.discard();
    throw error;
  }
  return {
    append: async (codes, logVar) => {
      await codesTable.append(columnsOf(codes));
      if (logVar) await variances?.append(columnsOf(logVar));
    },
    finish: async () => {
      await codesTable.finish();
      const files: EmbeddedFile[] = [{ kind: 'latents', path }];
      if (!variances) return files;
      await variances.finish();
      return [...files, { kind: 'log-variances', path: variancesPath }];
    },
    discard: async () => {
      await codesTable.discard();
      await variances?.discard();
    },
  };
}

function numbered(name: string, dim: number): ResultColumn[] {
  return Array.from({ length: dim }, (_, j) => ({ name: `${name}${j}`, type: 'float32' as const }));
}

function columnsOf({ data, count, dim }: Rows): ColumnValues[] {
  return Array.from({ length: dim }, (_, j) =>
    Float32Array.from({ length: count }, (_, i) => data[i * dim + j] ?? NaN),
  );
}
