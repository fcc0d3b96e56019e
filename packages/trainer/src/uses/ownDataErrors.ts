/** What can be wrong with a run's own data once it is used. */
import { DataError, type DataPart } from '@lockstep/data';
import { RunError } from '../errors.ts';

export function isGone(error: unknown): error is DataError {
  return error instanceof DataError && error.code === 'DATA_NOT_FOUND';
}

/** What is learned from the training part has to be that of the run; the rest may be done on other data. */
export function ownDataGone(error: DataError, part: DataPart): RunError {
  const back = 'Put it back there';
  return new RunError(
    {
      code: 'RUN_DATA_GONE',
      where: error.where,
      expected: `the data that the run was trained on, whose ${part} part is asked for`,
      got: error.got,
      fix: part === 'train' ? `${back}.` : `${back}, or name other data of its kind: --data PATH.`,
    },
    { cause: error },
  );
}

export function noSuchPart(part: DataPart, source: string): RunError {
  return new RunError({
    code: 'RUN_NO_SUCH_PART',
    where: source,
    expected: `a ${part} part`,
    got: 'none in the run',
    fix: 'Use its test data, or train with a validation part.',
  });
}
