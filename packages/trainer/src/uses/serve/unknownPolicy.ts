/** What becomes of the categories, columns and items of a question that training did not see. */
import type { UnknownPolicy } from '@lockstep/data/tables';
import { ConfigError } from '../../errors.ts';
import type { TrainedModel } from '../openTrained.ts';

/** As asked for, or as the run was told to read its own data. @throws ConfigError where nothing can be unknown */
export function unknownPolicy(
  { config, format: { kind } }: Pick<TrainedModel, 'config' | 'format'>,
  asked: UnknownPolicy | undefined,
): UnknownPolicy {
  if (kind === 'table' || kind === 'ratings') {
    return asked ?? (config.data.read?.['unknown'] === 'ignore' ? 'ignore' : 'error');
  }
  if (asked === undefined) return 'error';
  throw new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: '--unknown',
    expected: 'a model of a table or of ratings beside it',
    got: `${asked} for one of ${kind} data, in which nothing has a name`,
    fix: 'Leave it out.',
  });
}
