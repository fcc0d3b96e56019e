/** Which examples a command uses a model on: a part of its own data, or other data. */
import type { DataPart, ReadSettings } from '@lockstep/data';
import { ConfigError } from '../errors.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface DataChoice {
  /** Other data than the run's, read as that was. */
  readonly data?: string;
  /** Of the run's own data; default `test`. */
  readonly part?: DataPart;
  /**
   * Of other data that is a table or ratings: categories, columns and items that training did not see are an
   * error, or count as missing. Default: as the run was told to read its own.
   */
  readonly unknown?: 'error' | 'ignore';
  /** Of other data: how its file is written (`decimal`, `delimiter`, ...), where that is not as the run's own. */
  readonly read?: ReadSettings;
}

/** @throws ConfigError, DataError, RunError */
export function openUseData(
  trained: TrainedModel,
  { data, part, unknown, read }: DataChoice,
): Promise<UseData> {
  if (data === undefined && unknown !== undefined) throw useless('--unknown', unknown);
  if (data === undefined && read !== undefined) {
    throw useless('--read', Object.keys(read).join(', '));
  }
  if (data === undefined) return trained.own(part ?? 'test');
  if (part === undefined) return trained.open(data, { unknown, read });
  throw new ConfigError({
    code: 'CONFIG_DATA_PART',
    where: '--part',
    expected: "a part of the run's own data",
    got: `${part} beside --data ${data}, all of which is used`,
    fix: 'Leave one of them out.',
  });
}

function useless(where: string, got: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_DATA_PART',
    where,
    expected: "--data beside it: the run's own data is read as it was in training",
    got: `${got} alone`,
    fix: 'Leave it out, or name other data.',
  });
}
