/** What `classify` may be told, and what does not go together. */
import { ConfigError } from '../errors.ts';
import type { KeepOptions } from './exampleTable.ts';
import type { UseOptions } from './useOptions.ts';
import type { DataChoice } from './useData.ts';

export const CLASSIFY_METHODS = ['logistic', 'knn', 'model'] as const;
export type ClassifyMethod = (typeof CLASSIFY_METHODS)[number];
export const CLASSIFY_INPUTS = ['latents', 'values'] as const;

export interface ClassifyOptions extends UseOptions, DataChoice, KeepOptions {
  /** Default: `model` where it has a classifier, else `logistic`. */
  readonly method?: ClassifyMethod;
  /**
   * What `logistic` and `knn` see: the latents (default), or the values of the examples themselves, to
   * compare with.
   */
  readonly inputs?: (typeof CLASSIFY_INPUTS)[number];
  /** Of `knn`; default 10. */
  readonly neighbours?: number;
  /** Labels to learn from, as many of each class; default: those that training saw. */
  readonly labels?: number;
  /** Table of predictions: .csv, .npy or .parquet. */
  readonly out?: string;
  /** The confusion matrix, .png or .svg. */
  readonly plot?: string;
}

/** @throws ConfigError where a flag would change nothing */
export function checkUseful(options: ClassifyOptions, method: ClassifyMethod): void {
  const useless =
    method === 'model'
      ? (['inputs', 'neighbours', 'labels'] as const)
      : method === 'logistic'
        ? (['neighbours'] as const)
        : [];
  const flag = useless.find((name) => options[name] !== undefined);
  if (flag === undefined) return;
  throw new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: `--${flag}`,
    expected:
      flag === 'neighbours' ? '--method knn beside it' : '--method logistic or knn beside it',
    got: `--method ${method}, which does not use it`,
    fix: 'Leave it out, or choose another method.',
  });
}

/** @throws ConfigError where there are fewer examples to be neighbours */
export function checkNeighbours({ neighbours = 1 }: ClassifyOptions, examples: number): void {
  if (neighbours <= examples) return;
  throw new ConfigError({
    code: 'CONFIG_NEIGHBOURS',
    where: '--neighbours',
    expected: `at most ${examples}, the labelled examples that are learned from`,
    got: String(neighbours),
    fix: 'Name fewer.',
  });
}
