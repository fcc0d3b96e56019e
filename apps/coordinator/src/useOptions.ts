/** Options of the commands that use a trained model on data. */
import type { Command } from 'commander';
import type { UseOptions } from '@lockstep/trainer';
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { choiceOf, integerOf, listOf, settingsOf, textOf } from './optionValues.ts';

/** Of a use's options those that the command line says. */
export type UseFlags<T> = Omit<T, Exclude<keyof UseOptions, 'workers' | 'engine'>> & JsonFlag;

export function addMemoryLimit(command: Command): Command {
  return command.option(
    '--memory-limit <size>',
    'memory for examples, such as 512M, what is larger is streamed; as in training',
    textOf('--memory-limit', 'an amount of memory'),
  );
}

/** What is used, on what, with what. `part`: the default. */
export function addUseOptions(command: Command, part = 'test'): Command {
  const chosen = command
    .option(
      '--data <data>',
      "other data than the run's, read as that was",
      textOf('--data', 'a path'),
    )
    .option(
      '--unknown <policy>',
      'of other data: what training did not see is an error, or ignore: it counts as missing',
      choiceOf('--unknown', ['error', 'ignore']),
    )
    .option(
      '--read <settings>',
      'of other data: how its file is written, such as dates=dmy,decimal=,',
      settingsOf('--read'),
    )
    .option(
      '--part <part>',
      `of the run's own data: train, validation or test; ${part}`,
      choiceOf('--part', ['train', 'validation', 'test']),
    );
  return addMemoryLimit(chosen)
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

/** Of commands that write a row for each example. */
export function addKeepOption(command: Command): Command {
  return command.option(
    '--keep <columns>',
    "of a table: the file's columns beside the results, as they are; those not learned from, such as ids",
    listOf('--keep'),
  );
}
