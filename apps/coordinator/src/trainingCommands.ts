/** The commands that train: what they train is said with the same flags. */
import { JSON_HELP } from './jsonFlag.ts';
import { Option, type Command } from 'commander';
import {
  choiceOf,
  integerOf,
  plotFileOf,
  positiveNumberOf,
  textOf,
  workersOf,
  xlaOf,
} from './optionValues.ts';
import { addDataOptions, type DataFlags } from './dataFlags.ts';
import { addPresetFlags, type PresetFlags } from './presetFlags.ts';

/** What is trained, on what, with what. Absent flags are left to the configuration and its defaults. */
export interface JobFlags extends PresetFlags, DataFlags {
  readonly preset?: string;
  readonly data?: string;
  readonly engine?: string;
  readonly devices?: string;
  readonly xla?: boolean | 'auto';
  readonly workers?: number | 'auto';
  readonly batchSize?: number;
  readonly microBatch?: number;
  readonly optimizer?: string;
  readonly seed?: number;
  readonly channel?: 'shared' | 'message';
}

/** Flags of `train` as typed. */
export interface TrainFlags extends JobFlags {
  readonly epochs?: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly scaleLr?: boolean;
  readonly ema?: number;
  readonly earlyStopping?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly profile?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export interface FindLrFlags extends JobFlags {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly out: string;
  readonly json?: boolean;
}

interface TrainingActions {
  train(config: string | undefined, flags: TrainFlags): Promise<void>;
  findLr(config: string | undefined, flags: FindLrFlags): Promise<void>;
}

export type AddCommand = (declaration: string, description: string) => Command;

export function addTrain(command: AddCommand, actions: TrainingActions): void {
  const train = command(
    'train [config]',
    'train a model; CONFIG is a .ts, .js, .json or .yaml file, flags win over it',
  );
  addJobOptions(train)
    .addOption(
      new Option('--epochs <e>', "passes over the training data; the preset's")
        .argParser(positive('--epochs'))
        .conflicts('steps'),
    )
    .option('--steps <s>', 'steps, instead of epochs', positive('--steps'))
    .option(
      '--learning-rate <x>',
      "peak learning rate; the preset's",
      positiveNumberOf('--learning-rate'),
    )
    .option('--scale-lr', 'scale the learning rate with the batch size')
    .option(
      '--ema <d>',
      'keep a moving average of the weights with this decay, such as 0.999, and evaluate it',
      positiveNumberOf('--ema'),
    )
    .option(
      '--early-stopping <n>',
      'end after n epochs without a lower loss on the validation data, or else the test data',
      positive('--early-stopping'),
    )
    .option('--out <dir>', 'run folder to write; runs/MODEL-TIME', textOf('--out', 'a path'))
    .option('--resume <dir>', 'go on with the run in this folder', textOf('--resume', 'a path'))
    .option('--profile', 'say where the time of a step went')
    .option('--quiet', 'print nothing but errors and the last line')
    .option('--json', JSON_HELP)
    .action((config: string | undefined, flags: TrainFlags) => actions.train(config, flags));
}

export function addFindLr(command: AddCommand, actions: TrainingActions): void {
  const findLr = command(
    'find-lr [config]',
    'suggest a learning rate: a short training under a growing one, and its plot',
  );
  addJobOptions(findLr)
    .option('--from <x>', 'learning rate of the first step', positiveNumberOf('--from'), 1e-7)
    .option('--to <x>', 'learning rate of the last step', positiveNumberOf('--to'), 10)
    .option('--steps <s>', 'steps; fewer where the loss grows too much', positive('--steps'), 100)
    .option(
      '--out <file>',
      'plot to write, .svg or .png; the curve goes beside it, as .json',
      plotFileOf('--out'),
      'learning-rates.svg',
    )
    .option('--json', JSON_HELP)
    .action((config: string | undefined, flags: FindLrFlags) => actions.findLr(config, flags));
}

function addJobOptions(command: Command): Command {
  const presets = command.option(
    '--preset <name>',
    'model, `lockstep presets` lists all; mlp',
    textOf('--preset', "a preset's name"),
  );
  const data = addPresetFlags(presets).option(
    '--data <data>',
    'mnist, sprites, a path, or kind:path, such as text:poems.txt; mnist',
    textOf('--data', 'mnist, sprites or a path'),
  );
  return addDataOptions(data)
    .option(
      '--engine <engine>',
      'tensorflow, onnx or eager:cpu, `lockstep doctor` lists all; auto',
      textOf('--engine', "an engine's name"),
    )
    .option(
      '--devices <list>',
      'a worker on each, such as cpu*4,cuda:0; instead of --workers',
      textOf('--devices', 'a list of devices'),
    )
    .option('--xla <choice>', 'compile with XLA: on, off or auto; auto', xlaOf('--xla'))
    .option('--workers <n>', 'how many worker threads; auto', workersOf('--workers'))
    .option(
      '--batch-size <b>',
      "examples a step, over all workers; the preset's",
      positive('--batch-size'),
    )
    .option(
      '--micro-batch <m>',
      'examples a worker takes at a time; about a quarter of the batch',
      positive('--micro-batch'),
    )
    .option(
      '--optimizer <name>',
      "sgd, momentum, rmsprop, adam, adamw or lion; the preset's",
      textOf('--optimizer', "an optimizer's name"),
    )
    .option(
      '--seed <n>',
      'of shuffle, noise and initial weights; 0',
      integerOf('--seed', { min: 0 }),
    )
    .option(
      '--channel <name>',
      'how workers share: shared or message; shared',
      choiceOf('--channel', ['shared', 'message']),
    );
}

function positive(flag: string): (text: string) => number {
  return integerOf(flag, { min: 1 });
}
