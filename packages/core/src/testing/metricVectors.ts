/** What scikit-learn, SciPy and scikit-image make of the same numbers, by tools/metric-vectors/make_vectors.py. */
import { readFileSync } from 'node:fs';
import { rowsOf, type Rows } from '../metrics/rows.ts';

/** Row after row. */
export interface RecordedRows {
  readonly dim: number;
  readonly data: readonly number[];
}

interface Vectors {
  readonly images: readonly {
    readonly shape: readonly number[]; // [B, height, width, channels]
    readonly a: readonly number[];
    readonly b: readonly number[];
    /** Of each pair. */
    readonly mse: readonly number[];
    readonly ssim: readonly number[];
  }[];
  readonly probes: {
    readonly classes: number;
    readonly train: RecordedRows;
    readonly labels: readonly number[];
    readonly test: RecordedRows;
    readonly truth: readonly number[];
    readonly probe: {
      /** Of each class, of each standardised input. */
      readonly weights: readonly (readonly number[])[];
      /** Their mean is 0. */
      readonly biases: readonly number[];
      readonly predicted: readonly number[];
      readonly accuracy: number;
    };
    readonly knn: {
      /** Test rows where one class has more votes than all others. */
      readonly decided: readonly number[];
      readonly predicted: readonly number[];
      readonly accuracy: number;
    };
  };
  readonly disentanglement: {
    readonly mu: RecordedRows;
    readonly factors: readonly {
      readonly name: string;
      readonly size: number;
      readonly ordered: boolean;
      readonly values: readonly number[];
    }[];
    /** By factor. */
    readonly mig: Readonly<Record<string, number>>;
    readonly sap: Readonly<Record<string, number>>;
    readonly dci: {
      /** Of each factor, of each dimension. */
      readonly importances: readonly (readonly number[])[];
      readonly disentanglement: number;
      readonly completeness: number;
    };
    readonly variances: readonly number[];
  };
  readonly frechet: {
    readonly real: RecordedRows;
    readonly made: RecordedRows;
    readonly distance: number;
  };
  readonly manifolds: {
    readonly real: RecordedRows;
    readonly made: RecordedRows;
    readonly precision: number;
    readonly recall: number;
  };
  readonly importanceWeighted: {
    /** Of each draw, of each example; null is -Infinity. */
    readonly logWeights: readonly (readonly (number | null)[])[];
    readonly nll: number;
    readonly bpd784: number;
  };
  readonly aggregatePosterior: {
    readonly mu: RecordedRows;
    readonly logVar: RecordedRows;
    readonly z: RecordedRows;
    readonly logPriors: readonly number[];
    readonly logMarginals: readonly number[];
    readonly mutualInformation: number;
    readonly marginalKl: number;
    readonly kl: number;
  };
}

const FILE = new URL('../../../../tools/metric-vectors/vectors.json', import.meta.url);

export const metricVectors = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;

export function recordedRows({ dim, data }: RecordedRows): Rows {
  return rowsOf(Float32Array.from(data), dim);
}
