/** The command `recommend`. */
import type { RecommendOptions } from '@lockstep/trainer';
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { choiceOf, integerOf, tableFileOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';

export type RecommendFlags = Omit<RecommendOptions, 'workerEntry' | 'onProgress'> & JsonFlag;

export interface RecommendActions {
  recommend(run: string, flags: RecommendFlags): Promise<void>;
}

export function addRecommend(command: AddCommand, actions: RecommendActions): void {
  command('recommend <run>', 'items for users (preset recommend), and how good they are')
    .option('--out <file>', 'table to write, .csv or .parquet', tableFileOf('--out'))
    .option('--top <n>', 'items for each user; 10', integerOf('--top', { min: 1 }))
    .option('--user <name>', 'for this one alone', textOf('--user', 'a name'))
    .option('--evaluate', "hide items and see how far up they come; always on the run's own data")
    .option(
      '--data <data>',
      "other ratings than the run's, read as those were",
      textOf('--data', 'a path'),
    )
    .option(
      '--unknown <policy>',
      'of other data: what training did not see is an error, or ignore: it counts as missing',
      choiceOf('--unknown', ['error', 'ignore']),
    )
    .option(
      '--part <part>',
      "of the run's own data: train, validation or test; test",
      choiceOf('--part', ['train', 'validation', 'test']),
    )
    .option(
      '--workers <n>',
      'how many worker threads; as in training',
      integerOf('--workers', { min: 1 }),
    )
    .option(
      '--engine <engine>',
      'as in training; another one, or auto, where that is not there',
      textOf('--engine', "an engine's name"),
    )
    .option('--json', JSON_HELP)
    .action((run: string, flags: RecommendFlags) => actions.recommend(run, flags));
}
