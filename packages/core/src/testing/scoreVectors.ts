/** What scikit-learn and SciPy make of the same numbers, by tools/metric-vectors/make_score_vectors.py. */
import { readFileSync } from 'node:fs';
import type { RecordedRows } from './metricVectors.ts';

type Numbers = readonly number[];

interface Vectors {
  readonly curves: readonly {
    readonly scores: Numbers;
    readonly positive: Numbers;
    readonly thresholds: Numbers;
    readonly falsePositiveRates: Numbers;
    readonly truePositiveRates: Numbers;
    readonly auc: number;
    readonly precisions: Numbers;
    readonly recalls: Numbers;
    readonly averagePrecision: number;
    readonly delongDeviation: number;
  }[];
  readonly confusion: {
    readonly classes: number;
    readonly labels: Numbers;
    readonly predicted: Numbers;
    readonly counts: Numbers;
    readonly precision: Numbers;
    readonly recall: Numbers;
    readonly f1: Numbers;
    readonly examples: Numbers;
    readonly macro: Numbers;
    readonly accuracy: number;
  };
  readonly ranking: readonly {
    readonly scores: Numbers;
    readonly relevant: Numbers;
    readonly at: readonly {
      readonly k: number;
      readonly recall: number;
      readonly ndcg: number;
    }[];
  }[];
  readonly components: {
    readonly rows: RecordedRows;
    readonly components: Numbers;
    readonly variances: Numbers;
    readonly shares: Numbers;
    readonly projected: Numbers;
  };
  readonly probabilities: {
    readonly rows: RecordedRows;
    readonly labels: Numbers;
    readonly l2: number;
    readonly probabilities: Numbers;
  };
  readonly medians: readonly {
    readonly shape: Numbers;
    readonly size: number;
    readonly images: Numbers;
    readonly filtered: Numbers;
  }[];
  readonly slerps: readonly {
    readonly a: Numbers;
    readonly b: Numbers;
    readonly ts: Numbers;
    readonly points: readonly Numbers[];
  }[];
  readonly normalQuantiles: readonly { readonly share: number; readonly z: number }[];
}

const FILE = new URL('../../../../tools/metric-vectors/score_vectors.json', import.meta.url);

export const scoreVectors = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
