/** What every command that uses a trained model gives it. */
import type { OpenTrainedOptions } from '@lockstep/trainer';
import type { Context } from './context.ts';
import { workerEntry } from './trainer.ts';

export function trainedOptions(
  { stderr }: Pick<Context, 'stderr'>,
  json = false,
): Pick<OpenTrainedOptions, 'workerEntry' | 'onNotice'> {
  return {
    workerEntry: workerEntry(),
    onNotice: ({ text }) => {
      if (!json) stderr.write(`${text}\n`);
    },
  };
}
