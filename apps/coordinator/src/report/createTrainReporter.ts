import type { Output } from '../output.ts';
import { JsonReporter } from './jsonReporter.ts';
import { StatusLine } from './statusLine.ts';
import { TextReporter } from './textReporter.ts';
import type { TrainReporter } from './trainReporter.ts';

export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly profile: boolean;
  readonly stdout: Output;
  /** Milliseconds. */
  now(): number;
}

export function createTrainReporter(options: ReporterOptions): TrainReporter {
  const { json, quiet, profile, stdout, now } = options;
  if (json) return new JsonReporter(stdout, quiet);
  const watched = !quiet && stdout.isTTY === true;
  const statusLine = watched ? new StatusLine(stdout, now) : undefined;
  return new TextReporter({ stdout, now, quiet, profile, statusLine });
}
