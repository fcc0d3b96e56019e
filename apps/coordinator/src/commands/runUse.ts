/** What all commands that use a trained model have around their own work: they show how far they are, and Ctrl-C ends them. */
import type { EvaluationEvent, UseOptions } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import { createEvaluationReporter } from '../report/evaluationReporter.ts';
import { writeJson } from '../report/writeJson.ts';
import { workerEntry, type Trainer } from '../trainer.ts';
import { interruptible } from './interruptible.ts';

/** What a use is told of all this. */
export type SharedOptions = Required<Omit<UseOptions, 'workers' | 'engine'>> & {
  onEvent(event: EvaluationEvent): void;
};

export interface UseCommand<T> {
  /** For the line that says how far it is. */
  readonly name: string;
  /** Of the JSON line. */
  readonly event: string | ((result: T) => string);
  readonly json: boolean | undefined;
  run(trainer: Trainer, shared: SharedOptions): Promise<T>;
  /** For people. */
  print(result: T): Promise<void> | void;
}

/** Returns the exit code. */
export async function runUse<T extends object>(
  context: Context,
  { name, event, json = false, run, print }: UseCommand<T>,
): Promise<number> {
  const { stdout, stderr, now } = context;
  const reporter = createEvaluationReporter({ json, stderr, now });
  const work = async (signal: AbortSignal): Promise<void> => {
    const trainer = await context.loadTrainer();
    const shared: SharedOptions = {
      workerEntry: workerEntry(),
      signal,
      onNotice: ({ text }) => {
        reporter.close();
        if (!json) stderr.write(`${text}\n`);
      },
      onProgress: (done, total, work) =>
        reporter.onEvent({ event: 'progress', metric: name, part: 1, parts: 1, work, done, total }),
      onEvent: (each) => reporter.onEvent(each),
    };
    const result = await run(trainer, shared).finally(() => reporter.close());
    if (json) {
      writeJson(stdout, { event: typeof event === 'string' ? event : event(result), ...result });
    } else await print(result);
  };
  return interruptible(context, { json, close: () => reporter.close(), work });
}
