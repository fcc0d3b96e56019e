/** What `recommend` may be told, and what does not go together. */
import { ConfigError } from '../errors.ts';
import { checkTablePath } from '../results/resultTable.ts';
import type { UseOptions } from './useOptions.ts';
import type { DataChoice } from './useData.ts';

export interface RecommendOptions extends UseOptions, DataChoice {
  /** Items for each user. Default 10. */
  readonly top?: number;
  /** Table of user, rank (from 1), item and score: .csv or .parquet. */
  readonly out?: string;
  /** For this one alone, by name. */
  readonly user?: string;
  /** Whether to hide items and see how far up they come. Default: on the run's own data, for all users. */
  readonly evaluate?: boolean;
}

/** @throws ConfigError where there is nothing to do, or a flag would change nothing */
export function checkOptions({ out, user, top }: RecommendOptions, evaluate: boolean): void {
  if (out !== undefined) checkTablePath(out, '--out', 'the names of users and items');
  if (user !== undefined && evaluate) {
    throw new ConfigError({
      code: 'CONFIG_USELESS_FLAG',
      where: '--evaluate',
      expected: 'all users of the data',
      got: `--user ${user} beside it`,
      fix: 'Leave one of them out.',
    });
  }
  if (out !== undefined || user !== undefined) return;
  if (!evaluate || top !== undefined) {
    throw new ConfigError({
      code: 'CONFIG_NOTHING_TO_WRITE',
      where: '--out',
      expected: `a table to write${evaluate ? ' beside --top' : ', --user or --evaluate'}`,
      got: 'none',
      fix: 'Add --out recommendations.csv.',
    });
  }
}
