/**
 * The table of latents: which example it is, its label where there are labels, the latents, and the log of
 * their variances. As .npy, the latents alone: a matrix [examples, dimensions], and a second file
 * `NAME.logVar.npy` beside it.
 */
import type { Rows } from '@lockstep/core/metrics';
import { createTable, isNpyPath } from '../results/resultTable.ts';
import type { ColumnValues, ResultColumn } from '../results/tableFormat.ts';
import type { Piece } from '../rows/rowsPlan.ts';
import type { FileSet } from '../run/fileSet.ts';
import { createExampleTable, type KeepOptions } from './exampleTable.ts';
import { labelColumn, labelValues } from './labelColumn.ts';
import type { Latents } from './latents.ts';
import type { UseData } from './openTrained.ts';
import type { TrueClasses } from './trueClasses.ts';

export interface EmbeddedFile {
  readonly kind: 'latents' | 'log-variances' | 'scatter' | 'kl' | 'manifold';
  readonly path: string;
}

export interface LatentsTable {
  append(codes: Rows, logVar: Rows | undefined, piece: Piece): Promise<void>;
  finish(): Promise<EmbeddedFile[]>;
  /** In any case. */
  close(): Promise<void>;
}

interface Embedded extends KeepOptions {
  readonly data: UseData;
  readonly files: FileSet;
  readonly classes: TrueClasses | undefined;
}

/** @throws ConfigError, RunError */
export async function openLatentsTable(
  path: string,
  latents: Latents,
  { data, classes, ...keep }: Embedded,
): Promise<LatentsTable> {
  if (isNpyPath(path)) return openMatrices(path, latents, keep.files);
  const columns: ResultColumn[] = [
    ...(classes ? [labelColumn('label', classes.names)] : []),
    ...numbered(latents.output, latents.dim),
    ...(latents.hasLogVar ? numbered('logVar', latents.dim) : []),
  ];
  const table = await createExampleTable(path, columns, data, keep);
  return {
    append: (codes, logVar, { first, count }) =>
      table.append({ first, count }, [
        ...(classes
          ? [labelValues(classes.labels.subarray(first, first + count), classes.names)]
          : []),
        ...columnsOf(codes),
        ...(logVar ? columnsOf(logVar) : []),
      ]),
    finish: async () => {
      await table.finish();
      return [{ kind: 'latents', path }];
    },
    close: () => table.close(),
  };
}

/** Where the log variances go beside a matrix of latents; undefined where they have no file of their own. */
export function variancesPath(path: string, { hasLogVar }: Latents): string | undefined {
  return hasLogVar && isNpyPath(path) ? path.replace(/\.npy$/i, '.logVar.npy') : undefined;
}

async function openMatrices(path: string, latents: Latents, files: FileSet): Promise<LatentsTable> {
  const beside = variancesPath(path, latents);
  const codesTable = await createTable(path, numbered(latents.output, latents.dim), files);
  const variances =
    beside === undefined
      ? undefined
      : await createTable(beside, numbered('logVar', latents.dim), files);
  return {
    append: async (codes, logVar) => {
      await codesTable.append(columnsOf(codes));
      if (logVar) await variances?.append(columnsOf(logVar));
    },
    finish: async () => {
      await codesTable.finish();
      await variances?.finish();
      return [
        { kind: 'latents', path },
        ...(beside === undefined ? [] : [{ kind: 'log-variances', path: beside } as const]),
      ];
    },
    close: () => Promise.resolve(),
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
