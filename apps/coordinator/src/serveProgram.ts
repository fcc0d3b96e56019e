/** The command `serve`. */
import { JSON_HELP, type JsonFlag } from './jsonFlag.ts';
import { bytesOf, choiceOf, integerOf, nonNegativeNumberOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';

export interface ServeFlags extends JsonFlag {
  readonly port?: number;
  readonly host?: string;
  /** Bytes. */
  readonly maxBody?: number;
  readonly concurrency?: number;
  readonly batchWaitMs?: number;
  readonly requestTimeoutMs?: number;
  readonly unknown?: 'error' | 'ignore';
  readonly engine?: string;
}

export interface ServeActions {
  serve(run: string, flags: ServeFlags): Promise<void>;
}

export function addServe(command: AddCommand, actions: ServeActions): void {
  command('serve <run>', 'answer over HTTP: encode, decode, reconstruct, score')
    .option(
      '--port <n>',
      '0 takes any that is free; 8080',
      integerOf('--port', { min: 0, max: 65535 }),
    )
    .option('--host <address>', 'to listen on; 127.0.0.1', textOf('--host', 'an address'))
    .option('--max-body <bytes>', 'largest request, such as 1M; 1M', bytesOf('--max-body'))
    .option(
      '--concurrency <n>',
      'requests at once; others get 503; 64',
      integerOf('--concurrency', { min: 1 }),
    )
    .option(
      '--batch-wait-ms <ms>',
      'how long a request waits for others to join it; 2',
      nonNegativeNumberOf('--batch-wait-ms'),
    )
    .option(
      '--request-timeout-ms <ms>',
      'how long a request may take to arrive; 10000',
      integerOf('--request-timeout-ms', { min: 1 }),
    )
    .option(
      '--unknown <policy>',
      'of tables and ratings: what training did not see is an error, or ignore: it counts as missing',
      choiceOf('--unknown', ['error', 'ignore']),
    )
    .option(
      '--engine <engine>',
      'as in training; another one, or auto, where that is not there',
      textOf('--engine', "an engine's name"),
    )
    .option('--json', JSON_HELP)
    .action((run: string, flags: ServeFlags) => actions.serve(run, flags));
}
