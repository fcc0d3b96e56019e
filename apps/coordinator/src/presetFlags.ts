/** Flags of the commands that train, for options that presets share; the chosen preset refuses those it has not. */
import type { Command } from 'commander';
import { integerOf, nonNegativeNumberOf, textOf } from './optionValues.ts';

export interface PresetFlags {
  readonly latentDim?: number;
  readonly beta?: number;
  readonly klSchedule?: string;
  readonly likelihood?: string;
  readonly samples?: number;
}

export function addPresetFlags(train: Command): Command {
  return train
    .option(
      '--latent-dim <n>',
      "dimensions of the latent space; the preset's",
      integerOf('--latent-dim', { min: 1 }),
    )
    .option('--beta <x>', "weight of the KL term; the preset's", nonNegativeNumberOf('--beta'))
    .option(
      '--kl-schedule <schedule>',
      "constant, linear, cyclical, free-bits or capacity, such as linear:share=0.3,minimum=0.1; the preset's",
      textOf('--kl-schedule', "a KL schedule's name"),
    )
    .option(
      '--likelihood <name>',
      "p(x|z): bernoulli, gaussian:0.5, logistic-mixture ...; the preset's",
      textOf('--likelihood', "a likelihood's name"),
    )
    .option(
      '--samples <k>',
      "importance samples of an example (iwae); the preset's",
      integerOf('--samples', { min: 1 }),
    );
}
