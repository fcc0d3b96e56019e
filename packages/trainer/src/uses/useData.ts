/** Which examples a command uses a model on: a part of its own data, or other data. */
import { parseSourceName, type DataPart, type ReadSettings } from '@lockstep/data';
import { ConfigError } from '../errors.ts';
import { checkFiles, type NamedFile } from './checkFiles.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import type { MemoryLimit } from './useOptions.ts';

export interface DataChoice extends MemoryLimit {
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

/** The files of a use beside its data. */
export interface UseFiles {
  readonly outputs: readonly NamedFile[];
  /** Paths of what else is read; undefined: nothing. */
  readonly inputs?: readonly (string | undefined)[];
}

/**
 * @param files default: what `--out` names
 * @throws ConfigError, DataError, RunError
 */
export async function openUseData(
  trained: TrainedModel,
  { data, part, unknown, read, out }: DataChoice & { readonly out?: string },
  { outputs, inputs = [] }: UseFiles = { outputs: [{ path: out, where: '--out' }] },
): Promise<UseData> {
  const own = trained.config.data;
  const sources = data === undefined ? [own.source, own.test, own.validation] : [data];
  checkFiles(outputs, [...sources.map((name) => name && parseSourceName(name).path), ...inputs]);
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
    got: `${part} beside --data ${data}, which has none of its parts`,
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
