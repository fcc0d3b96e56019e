/** The commands that write examples: `sample`, `reconstruct`, `interpolate` and `traverse`. */
import type {
  GenerateOptions,
  InterpolateOptions,
  ReconstructOptions,
  SampleOptions,
  TraverseOptions,
} from '@lockstep/trainer';
import type { Command } from 'commander';
import { JSON_HELP } from './jsonFlag.ts';
import { choicesOf, exampleFileOf, integerOf, positiveNumberOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';
import { addKeepOption, addUseOptions, type UseFlags } from './useOptions.ts';

export type SampleFlags = UseFlags<SampleOptions>;
export type ReconstructFlags = UseFlags<ReconstructOptions>;
export type GenerateFlags = UseFlags<Omit<GenerateOptions, 'between'>> & {
  readonly from?: string;
  readonly to?: string;
};
export type InterpolateFlags = UseFlags<Omit<InterpolateOptions, 'from' | 'to'>>;
export type TraverseFlags = UseFlags<TraverseOptions>;

export interface ExamplesActions {
  sample(run: string, flags: SampleFlags): Promise<void>;
  reconstruct(run: string, flags: ReconstructFlags): Promise<void>;
  generate(run: string, flags: GenerateFlags): Promise<void>;
  interpolate(run: string, from: string, to: string, flags: InterpolateFlags): Promise<void>;
  traverse(run: string, flags: TraverseFlags): Promise<void>;
}

const MAX_EXAMPLES = 10_000;
const OUT = 'file to write: .png, .csv, .parquet, .npy, .txt or .wav, as the data is';

export function addSample(command: AddCommand, { sample }: ExamplesActions): void {
  const created = withNumber(withOut(command('sample <run>', 'draw new examples')), 64).option(
    '--label <class>',
    'of this class (cvae, semi, semi-stacked), by name or number; at random if left out',
    textOf('--label', 'a class'),
  );
  withDrawing(created).action((run: string, flags: SampleFlags) => sample(run, flags));
}

export function addReconstruct(command: AddCommand, { reconstruct }: ExamplesActions): void {
  const created = withOut(command('reconstruct <run>', 'examples beside what becomes of them'));
  addUseOptions(addKeepOption(withNumber(created, 64))).action(
    (run: string, flags: ReconstructFlags) => reconstruct(run, flags),
  );
}

export function addGenerate(command: AddCommand, { generate }: ExamplesActions): void {
  const created = command(
    'generate <run>',
    'new text or sound, of a run on such: text is printed, or written to --out',
  ).option(
    '--out <file>',
    'file to write: of text .txt; of sound, which needs one, .wav, or .png (spectrograms)',
    exampleFileOf('--out', ['.txt', '.wav', '.png']),
  );
  withNumber(created, 10)
    .option(
      '--from <example>',
      "what lies between this and --to: a test example's number, or a text",
      textOf('--from', 'a text or a number'),
    )
    .option('--to <example>', 'see --from', textOf('--to', 'a text or a number'));
  withDrawing(created).action((run: string, flags: GenerateFlags) => generate(run, flags));
}

export function addInterpolate(command: AddCommand, { interpolate }: ExamplesActions): void {
  const created = withOut(
    command(
      'interpolate <run> <a> <b>',
      'what lies between two examples, by their numbers; of text, between two texts',
    ),
  )
    .option('--steps <n>', 'points of a path', integerOf('--steps', { min: 2, max: 1000 }), 11)
    .option(
      '--paths <list>',
      'linear, spherical; both',
      choicesOf('--paths', ['linear', 'spherical']),
    );
  addUseOptions(created).action((run: string, a: string, b: string, flags: InterpolateFlags) =>
    interpolate(run, a, b, flags),
  );
}

export function addTraverse(command: AddCommand, { traverse }: ExamplesActions): void {
  const created = withOut(
    command('traverse <run>', 'what each latent dimension does, the one that tells most first'),
  )
    .option('--dims <n>', 'at most so many dimensions', integerOf('--dims', { min: 1 }), 10)
    .option('--steps <n>', 'points of a row', integerOf('--steps', { min: 2, max: 1000 }), 11)
    .option('--range <x>', 'from -x to x, in deviations', positiveNumberOf('--range'), 3)
    .option(
      '--example <n>',
      'begin from this example, by its number; from the origin if left out',
      textOf('--example', "an example's number"),
    );
  addUseOptions(created).action((run: string, flags: TraverseFlags) => traverse(run, flags));
}

function withOut(command: Command): Command {
  return command.requiredOption('--out <file>', OUT, exampleFileOf('--out'));
}

function withNumber(command: Command, count: number): Command {
  return command
    .option('--count <n>', 'how many', integerOf('--count', { min: 1, max: MAX_EXAMPLES }), count)
    .option('--seed <n>', 'of the noise', integerOf('--seed', { min: 0 }), 0);
}

/** Of what is drawn from the prior, which needs no data; one fitted afterwards does. */
function withDrawing(command: Command): Command {
  return command
    .option(
      '--temperature <t>',
      'below 1 for likelier samples, above for more varied ones; 1',
      positiveNumberOf('--temperature'),
    )
    .option(
      '--fitted-prior',
      "latents from a Gaussian fitted to those of the training data, not from the model's prior; not of tables, cvae, vq, semi",
    )
    .option(
      '--workers <n>',
      'how many worker threads encode the training data, with --fitted-prior; as in training',
      integerOf('--workers', { min: 1 }),
    )
    .option('--engine <engine>', 'instead of the one that trained it', textOf('--engine', 'a name'))
    .option('--json', JSON_HELP);
}
