/** The commands that find anomalies: `anomaly fit` and `anomaly score`. */
import type { AnomalyFitOptions, AnomalyScoreOptions } from '@lockstep/trainer';
import type { Command } from 'commander';
import { addKeepOption, addUseOptions, type UseFlags } from './useOptions.ts';
import {
  choiceOf,
  integerOf,
  listOf,
  plotFileOf,
  shareOf,
  tableFileOf,
  textOf,
} from './optionValues.ts';

export type AnomalyFitFlags = UseFlags<AnomalyFitOptions>;
export type AnomalyScoreFlags = UseFlags<AnomalyScoreOptions>;

export interface AnomalyActions {
  anomalyFit(run: string, flags: AnomalyFitFlags): Promise<void>;
  anomalyScore(run: string, flags: AnomalyScoreFlags): Promise<void>;
}

export function addAnomaly(
  anomaly: Command,
  actions: AnomalyActions,
  throwUsageErrors: (command: Command, name: string) => Command,
): void {
  const subcommand = (declaration: string, description: string): Command => {
    const created = anomaly.command(declaration).description(description);
    return throwUsageErrors(created, `lockstep anomaly ${created.name()}`);
  };
  const fit = subcommand(
    'fit <run>',
    'threshold on the score for a wanted false-positive rate, from held-out normal examples',
  )
    .option(
      '--out <file>',
      'JSON file to write',
      textOf('--out', 'the path of a file'),
      'threshold.json',
    )
    .option(
      '--fpr <share>',
      'share of new normal examples above the threshold; 0.01',
      shareOf('--fpr'),
    );
  addUseOptions(addScoreOptions(fit), 'validation, or test where there is none').action(
    (run: string, flags: AnomalyFitFlags) => actions.anomalyFit(run, flags),
  );
  const score = subcommand('score <run>', 'how anomalous examples are: a table and plots')
    .option(
      '--threshold <file>',
      'of `anomaly fit`: verdicts, and the score it was fitted with',
      textOf('--threshold', 'the path of a file'),
    )
    .option('--out <file>', 'table to write, .csv, .parquet or .npy', tableFileOf('--out'))
    .option(
      '--plot <file>',
      'histogram to write, .png or .svg; with labels NAME-roc and NAME-pr beside it',
      plotFileOf('--plot'),
    )
    .option(
      '--blame <n>',
      "of a table: columns to blame for each row's score; 3",
      integerOf('--blame', { min: 0 }),
    );
  addUseOptions(addKeepOption(addScoreOptions(score))).action(
    (run: string, flags: AnomalyScoreFlags) => actions.anomalyScore(run, flags),
  );
}

function addScoreOptions(command: Command): Command {
  return command
    .option(
      '--score <name>',
      'elbo (-ELBO), or iw (importance-weighted -log p); elbo',
      choiceOf('--score', ['elbo', 'iw']),
    )
    .option(
      '--draws <k>',
      'draws of the latent for each example; 8, of iw 64',
      integerOf('--draws', { min: 1 }),
    )
    .option('--seed <n>', 'of the draws; 0', integerOf('--seed', { min: 0 }))
    .option(
      '--normal <names>',
      'labels of normal examples, by default those of --only-labels; all others are anomalous',
      listOf('--normal'),
    )
    .option(
      '--anomalous <names>',
      'labels of anomalous examples; all others are normal',
      listOf('--anomalous'),
    );
}
