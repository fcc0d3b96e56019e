/** Says how far `lockstep setup tensorflow` is, and how it ended. */
import type { SetupProgress, SetupResult } from '@lockstep/engine/setup';
import type { Output } from '../output.ts';
import { bar } from './bar.ts';
import { formatDuration } from './format.ts';
import { StatusLine } from './statusLine.ts';
import { writeJson } from './writeJson.ts';

export interface SetupReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: Output;
  /** Milliseconds. */
  now(): number;
}

export interface SetupReporter {
  onProgress(progress: SetupProgress): void;
  onResult(result: SetupResult): void;
  /** Leaves no half-drawn line. */
  close(): void;
}

const STAGES: Readonly<Record<SetupProgress['stage'], string>> = {
  download: 'Downloading libtensorflow',
  check: 'Checking it',
  unpack: 'Unpacking it',
  compile: "Compiling tfjs-node's binding",
};

export function createSetupReporter(options: SetupReporterOptions): SetupReporter {
  const { json, quiet, stdout, now } = options;
  const line = new StatusLine(stdout, now);
  let stage: SetupProgress['stage'] | undefined;
  let begunAtMs = now();
  return {
    onProgress(progress) {
      if (progress.stage !== stage) {
        stage = progress.stage;
        begunAtMs = now();
        line.clear();
        if (json) writeJson(stdout, { event: 'setup', stage, totalBytes: progress.total });
        else if (!quiet && stdout.isTTY !== true) stdout.write(`${STAGES[stage]} ...\n`);
      }
      if (json || quiet || stdout.isTTY !== true) return;
      line.draw((width) => setupLine(progress, (now() - begunAtMs) / 1000, width));
    },
    onResult(result) {
      line.clear();
      if (json) writeJson(stdout, { event: 'done', ...result });
      else stdout.write(quiet ? `${result.library.folder}\n` : resultText(result));
    },
    close: () => line.clear(),
  };
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** At most `width` characters. */
export function setupLine(
  { stage, done, total }: SetupProgress,
  elapsedSec: number,
  width: number,
): string {
  const name = STAGES[stage];
  if (total === 0) return name.slice(0, width);
  const amount = `${inMB(done)}/${inMB(total)} MB`;
  // Before that, it is a guess.
  const remainingSec =
    elapsedSec >= 1 && done > 0 ? (elapsedSec * (total - done)) / done : undefined;
  const eta = `ETA ${remainingSec === undefined ? '-:--' : formatDuration(remainingSec)}`;
  const text = `${name}  ${amount}  ${eta}`;
  const room = width - text.length - '[]  '.length;
  if (room < NARROWEST_BAR) return (text.length <= width ? text : amount).slice(0, width);
  return `${bar(done / total, Math.min(room, WIDEST_BAR))}  ${text}`;
}

export function resultText({ version, variant, library, tfjsNode }: SetupResult): string {
  const name = `libtensorflow ${version}${variant === 'gpu' ? ' with CUDA' : ''}`;
  const engine = variant === 'gpu' ? 'eager:tfjs-node-gpu' : 'eager:tfjs-node';
  const lines = [
    library.state === 'there'
      ? `${name} is there already, in ${library.folder}.`
      : `${name}, ${inMB(library.bytes)} MB, is now in ${library.folder}.`,
    tfjsNode.state === 'none'
      ? `${engine} is not set up: ${tfjsNode.reason}. ${tfjsNode.fix}`
      : `${engine} ${tfjsNode.state === 'there' ? 'is there already' : 'is set up on it'}.`,
    '`lockstep doctor` shows which engines work.',
  ];
  return lines.map((text) => `${text}\n`).join('');
}

const inMB = (bytes: number): string => (bytes / 1e6).toFixed(0);
