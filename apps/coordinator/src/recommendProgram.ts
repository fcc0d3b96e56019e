/** The command `recommend`. */
import type { RecommendOptions } from '@lockstep/trainer';
import { integerOf, namedTableFileOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';
import { addUseOptions, type UseFlags } from './useOptions.ts';

export type RecommendFlags = UseFlags<RecommendOptions>;

export interface RecommendActions {
  recommend(run: string, flags: RecommendFlags): Promise<void>;
}

export function addRecommend(command: AddCommand, actions: RecommendActions): void {
  const created = command(
    'recommend <run>',
    'items for users (preset recommend), and how good they are',
  )
    .option('--out <file>', 'table to write, .csv or .parquet', namedTableFileOf('--out'))
    .option('--top <n>', 'items for each user; 10', integerOf('--top', { min: 1 }))
    .option('--user <name>', 'for this one alone', textOf('--user', 'a name'))
    .option(
      '--evaluate',
      "hide items and see how far up they come; so for all users of the run's own data",
    );
  addUseOptions(created).action((run: string, flags: RecommendFlags) =>
    actions.recommend(run, flags),
  );
}
