/** The commands that use what a trained model encodes: `embed` and `classify`. */
import type { ClassifyOptions, EmbedOptions } from '@lockstep/trainer';
import { choiceOf, integerOf, plotFileOf, pngFileOf, tableFileOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';
import { addKeepOption, addUseOptions, type UseFlags } from './useOptions.ts';

export type EmbedFlags = UseFlags<EmbedOptions>;
export type ClassifyFlags = UseFlags<ClassifyOptions>;

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
  addUseOptions(addKeepOption(created)).action((run: string, flags: EmbedFlags) =>
    actions.embed(run, flags),
  );
}

export function addClassify(command: AddCommand, actions: LatentsActions): void {
  const created = command('classify <run>', 'classes of examples, from what the model encodes')
    .option(
      '--method <name>',
      'logistic, knn, or model (its own classifier: presets semi, semi-stacked); model if there is one',
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
  addUseOptions(addKeepOption(created)).action((run: string, flags: ClassifyFlags) =>
    actions.classify(run, flags),
  );
}
