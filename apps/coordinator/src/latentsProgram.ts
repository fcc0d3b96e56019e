/** The commands that use what a trained model encodes: `embed` and `classify`. */
import type { ClassifyOptions, EmbedOptions } from '@lockstep/trainer';
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { choiceOf, integerOf, plotFileOf, pngFileOf, tableFileOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';
import type { Command } from 'commander';

type Flags<T> = Omit<T, 'workerEntry' | 'onProgress'> & JsonFlag;

export type EmbedFlags = Flags<EmbedOptions>;
export type ClassifyFlags = Flags<ClassifyOptions>;

export interface LatentsActions {
  embed(run: string, flags: EmbedFlags): Promise<void>;
  classify(run: string, flags: ClassifyFlags): Promise<void>;
}

export function addEmbed(command: AddCommand, actions: LatentsActions): void {
  const created = command('embed <run>', 'latents of examples, as a table and as pictures')
    .option(
      '--out <file>',
      'table to write, .csv or .parquet; or .npy, the latents alone',
      tableFileOf('--out'),
    )
    .option(
      '--plot <file>',
      'scatter plot to write, .png or .svg, coloured by label',
      plotFileOf('--plot'),
    )
    .option(
      '--projection <name>',
      'how more than 2 dimensions become 2: pca, or umap (slow, first 5,000 examples); pca',
      choiceOf('--projection', ['pca', 'umap']),
    )
    .option(
      '--kl-plot <file>',
      'what each latent dimension tells, as bars, .png or .svg',
      plotFileOf('--kl-plot'),
    )
    .option(
      '--manifold <file>',
      'what a 2-D latent space decodes to, .png',
      pngFileOf('--manifold'),
    )
    .option('--count <n>', 'the first n examples alone', integerOf('--count', { min: 1 }))
    .option('--seed <n>', 'of umap; 0', integerOf('--seed', { min: 0 }));
  addUseOptions(created).action((run: string, flags: EmbedFlags) => actions.embed(run, flags));
}

export function addClassify(command: AddCommand, actions: LatentsActions): void {
  const created = command('classify <run>', 'classes of examples, from what the model encodes')
    .option(
      '--method <name>',
      'logistic, knn, or model (its own classifier: preset semi); model if there is one',
      choiceOf('--method', ['logistic', 'knn', 'model']),
    )
    .option(
      '--inputs <what>',
      'what logistic and knn see: latents, or the values themselves; latents',
      choiceOf('--inputs', ['latents', 'values']),
    )
    .option('--neighbours <k>', 'of knn; 10', integerOf('--neighbours', { min: 1 }))
    .option(
      '--labels <n>',
      'learn from n labels; those that training saw',
      integerOf('--labels', { min: 1 }),
    )
    .option(
      '--out <file>',
      'table of predictions to write, .csv, .parquet or .npy',
      tableFileOf('--out'),
    )
    .option('--plot <file>', 'confusion matrix to write, .png or .svg', plotFileOf('--plot'));
  addUseOptions(created).action((run: string, flags: ClassifyFlags) =>
    actions.classify(run, flags),
  );
}

/** What is used, on what, with what. */
export function addUseOptions(command: Command): Command {
  return command
    .option(
      '--data <data>',
      "other data than the run's, read as that was",
      textOf('--data', 'a path'),
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
    .option('--json', JSON_HELP);
}
