/** Flags that say how data is read and parted, beside its name. */
import type { Command } from 'commander';
import {
  binarizeOf,
  choiceOf,
  integerOf,
  listOf,
  settingsOf,
  shareOf,
  sizeOf,
  textOf,
  type Settings,
} from './optionValues.ts';

/** Those that say which examples make which part. */
export interface PartFlags {
  readonly testData?: string;
  readonly validationData?: string;
  readonly holdOut?: number;
  readonly validationHoldOut?: number;
  readonly split?: string;
  readonly splitSeed?: number;
  readonly onlyLabels?: readonly string[];
  readonly read?: Settings;
}

export interface DataFlags extends PartFlags {
  readonly augment?: string;
  readonly resize?: readonly [height: number, width: number];
  readonly color?: 'grey' | 'rgb';
  readonly binarize?: 'none' | 'static' | 'dynamic' | number;
  readonly labels?: number;
  readonly memoryLimit?: string;
  readonly labelledShare?: number;
}

export function addPartOptions(command: Command): Command {
  const parted = command
    .option(
      '--test-data <data>',
      "test on this; by default on the data's own test part, or a tenth held out",
      textOf('--test-data', 'mnist, sprites or a path'),
    )
    .option(
      '--validation-data <data>',
      'choose by this: when to stop early, which weights to keep',
      textOf('--validation-data', 'mnist, sprites or a path'),
    )
    .option(
      '--hold-out <share>',
      'share of the examples to test on, where they are not apart; 0.1',
      shareOf('--hold-out'),
    )
    .option(
      '--validation-hold-out <share>',
      'share of the examples to choose by; none',
      shareOf('--validation-hold-out'),
    )
    .option(
      '--split <how>',
      'hold out at random, stratified (by label) or by group:COLUMN; random',
      textOf('--split', 'random, stratified or group:COLUMN'),
    )
    .option(
      '--split-seed <n>',
      'hold out others with another; 0',
      integerOf('--split-seed', { min: 0 }),
    )
    .option(
      '--only-labels <names>',
      'train, and validate, on examples of these classes alone; all',
      listOf('--only-labels'),
    );
  return addReadOption(parted);
}

export function addDataOptions(command: Command): Command {
  return addPartOptions(command)
    .option(
      '--augment <list>',
      'change training images at random: flip,shift:2,crop:4',
      textOf('--augment', 'changes such as flip,crop:4'),
    )
    .option('--resize <HxW>', 'make images this size, as 28x28', sizeOf('--resize'))
    .option('--color <mode>', 'make images grey or rgb', choiceOf('--color', ['grey', 'rgb']))
    .option(
      '--binarize <how>',
      'make values black or white: static, dynamic or a threshold; none',
      binarizeOf('--binarize'),
    )
    .option(
      '--labels <n>',
      'labels of the training data to keep, as many of each class; the rest are hidden (semi, semi-stacked); all',
      integerOf('--labels', { min: 1 }),
    )
    .option(
      '--labelled-share <share>',
      'take examples with a label so often that they are this share of each epoch, as 0.1',
      shareOf('--labelled-share'),
    )
    .option(
      '--memory-limit <size>',
      'memory for examples, such as 512M, what is larger is streamed; no limit',
      textOf('--memory-limit', 'an amount of memory'),
    );
}

export function addReadOption(command: Command): Command {
  return command.option(
    '--read <settings>',
    'how the data is read, such as unit=byte-pair,tokens=64 of text; docs/data.md',
    settingsOf('--read'),
  );
}
