/** The commands that exchange weights with other programs: `import` and `export`. */
import { choiceOf, integerOf, listOf, sizeOf, textOf } from './optionValues.ts';
import { addPresetFlags, type PresetFlags } from './presetFlags.ts';
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import type { AddCommand, TrainFlags } from './trainingCommands.ts';

/** Flags of `import`: its own, and those of `train` that say model and data. */
export interface ImportFlags extends Pick<
  TrainFlags,
  keyof PresetFlags | 'preset' | 'data' | 'testData' | 'resize' | 'color' | 'engine' | 'json'
> {
  readonly map?: string;
  readonly config?: string;
  readonly model?: string;
  readonly out: string;
}

export interface ExportFlags extends JsonFlag {
  readonly format: 'onnx' | 'safetensors' | 'tfjs';
  readonly out: string;
  readonly functions?: readonly string[];
  readonly batch?: number;
  readonly map?: string;
}

export interface ExchangeActions {
  import(weights: string, flags: ImportFlags): Promise<void>;
  export(run: string, flags: ExportFlags): Promise<void>;
}

const positive = (flag: string) => integerOf(flag, { min: 1 });

export function addImport(command: AddCommand, actions: ExchangeActions): void {
  const created = command(
    'import <weights>',
    'make a run from the weights of a PyTorch network of the same kind, safetensors or .npz',
  )
    .option(
      '--map <file>',
      'which tensor is which, JSON or YAML; by default names and shapes tell',
      textOf('--map', 'a path'),
    )
    .option(
      '--preset <name>',
      'model, `lockstep presets` lists all; mlp',
      textOf('--preset', "a preset's name"),
    )
    .option('--model <file>', 'a model file of your own', textOf('--model', 'a path'));
  addPresetFlags(created)
    .option(
      '--config <file>',
      'settings of the run, as train takes them; flags win over it',
      textOf('--config', 'a path'),
    )
    .option(
      '--data <data>',
      'what the network sees: mnist, or the path of a data set; mnist',
      textOf('--data', 'mnist or a path'),
    )
    .option('--test-data <data>', 'test on this', textOf('--test-data', 'mnist or a path'))
    .option('--resize <HxW>', 'make images this size, as 28x28', sizeOf('--resize'))
    .option('--color <mode>', 'make images grey or rgb', choiceOf('--color', ['grey', 'rgb']))
    .option('--engine <engine>', 'that will run it', textOf('--engine', "an engine's name"))
    .requiredOption('--out <dir>', 'run folder to write', textOf('--out', 'a path'))
    .option('--json', JSON_HELP)
    .action((weights: string, flags: ImportFlags) => actions.import(weights, flags));
}

export function addExport(command: AddCommand, actions: ExchangeActions): void {
  command('export <run>', "a run's model for other programs: ONNX, PyTorch, browsers")
    .requiredOption(
      '--format <format>',
      'onnx: encoder and decoder; safetensors: PyTorch weights; tfjs: weights for tf.io',
      choiceOf('--format', ['onnx', 'safetensors', 'tfjs']),
    )
    .requiredOption('--out <dir>', 'folder to make', textOf('--out', 'a path'))
    .option('--functions <list>', 'onnx: these, as encode,sample', listOf('--functions'))
    .option('--batch <n>', 'onnx: so many examples, always', positive('--batch'))
    .option(
      '--map <file>',
      'safetensors: names and layouts to write, JSON or YAML',
      textOf('--map', 'a path'),
    )
    .option('--json', JSON_HELP)
    .action((run: string, flags: ExportFlags) => actions.export(run, flags));
}
