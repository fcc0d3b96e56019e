/** Training told to people: a line an epoch, progress under it on a terminal, a table at the end. */
import type {
  ArtifactEvent,
  EpochEvent,
  ProfileEvent,
  RunEvent,
  StartEvent,
  StepEvent,
} from '@lockstep/protocol';
import type { Output } from '../output.ts';
import { endText, quietEndText } from './endText.ts';
import { formatCount, formatEpoch, formatMetrics, plural } from './format.ts';
import { progressLine, spoolLine } from './progressLine.ts';
import type { StatusLine } from './statusLine.ts';
import type { RunEnd, TrainReporter } from './trainReporter.ts';

export interface TextReporterOptions {
  readonly stdout: Output;
  /** Nothing but the last line. */
  readonly quiet: boolean;
  /** A table of where the time went. */
  readonly profile: boolean;
  /** Where progress is drawn; absent where nobody watches. */
  readonly statusLine: StatusLine | undefined;
  /** Milliseconds. */
  now(): number;
}

export class TextReporter implements TrainReporter {
  readonly #options: TextReporterOptions;
  #start: StartEvent | undefined;
  #startedAtMs = 0;
  #lastEpoch: EpochEvent | undefined;
  #profile: ProfileEvent | undefined;
  /** The newest of each kind. */
  readonly #artifacts = new Map<ArtifactEvent['kind'], string>();

  constructor(options: TextReporterOptions) {
    this.#options = options;
  }

  onSpool(done: number, count: number): void {
    this.#options.statusLine?.draw((width) => spoolLine(done / count, width));
  }

  onEvent(event: RunEvent): void {
    switch (event.event) {
      case 'start':
        this.#start = event;
        this.#startedAtMs = this.#options.now();
        return this.#print(startText(event));
      case 'step':
        return this.#drawProgress(event);
      case 'epoch':
        this.#lastEpoch = event;
        return this.#print(this.#epochText(event));
      case 'artifact':
        this.#artifacts.set(event.kind, event.path);
        return;
      case 'profile':
        if (this.#options.profile) this.#profile = event;
        return;
      case 'done':
      case 'interrupted':
      case 'error':
        return;
    }
  }

  async finish(end: RunEnd): Promise<void> {
    this.close();
    const { stdout, quiet, now } = this.#options;
    const text = quiet
      ? quietEndText(end)
      : await endText(end, {
          lastEpoch: this.#lastEpoch,
          profile: this.#profile,
          artifacts: this.#artifacts,
          seconds: (now() - this.#startedAtMs) / 1000,
        });
    stdout.write(text);
  }

  close(): void {
    this.#options.statusLine?.clear();
  }

  #print(line: string): void {
    if (this.#options.quiet) return;
    this.#options.statusLine?.clear();
    this.#options.stdout.write(`${line}\n`);
  }

  #drawProgress({ step, epoch, loss, metrics, examplesPerSec }: StepEvent): void {
    const start = this.#start;
    if (start === undefined) return;
    const elapsedSec = (this.#options.now() - this.#startedAtMs) / 1000;
    const done = step - start.step;
    const epochs = epochsOf(start);
    const progress = {
      step,
      totalSteps: start.totalSteps,
      epoch: Math.min(Math.max(Math.ceil(epoch), 1), epochs),
      epochs,
      loss,
      metrics,
      examplesPerSec,
      remainingSec: done > 0 ? (elapsedSec / done) * (start.totalSteps - step) : undefined,
    };
    this.#options.statusLine?.draw((width) => progressLine(progress, width));
  }

  #epochText(event: EpochEvent): string {
    const epochs = this.#start === undefined ? event.epoch : epochsOf(this.#start);
    const width = String(epochs).length;
    return [
      `epoch ${formatEpoch(event.epoch).padStart(width)}/${epochs}`,
      `train ${formatMetrics(event.trainLoss, event.trainMetrics)}`,
      `${event.part ?? 'test'} ${formatMetrics(event.testLoss, event.testMetrics)}`,
      ...(event.examplesPerSec === undefined
        ? []
        : [`${formatCount(event.examplesPerSec)} examples/s`]),
    ].join(' | ');
  }
}

function epochsOf({ totalSteps, stepsPerEpoch }: StartEvent): number {
  return Math.ceil(totalSteps / stepsPerEpoch);
}

function startText(start: StartEvent): string {
  const reason = start.engineReason === undefined ? '' : `\nEngine ${start.engineReason}.`;
  const from = start.step === 0 ? '' : `\nGoing on after step ${formatCount(start.step)}.`;
  return (
    `${start.model}: ${plural(start.parameters, 'parameter')}; ` +
    `${plural(start.examples, 'training example')}, ${validationText(start)}${formatCount(start.testExamples)} for testing\n` +
    `${plural(start.workers, 'worker')}, channel ${start.channel}, engine ${start.engine}${start.xla === true ? ' with XLA' : ''}; ` +
    `batch ${formatCount(start.batchSize)} in micro-batches of ${formatCount(start.microBatch)}; ` +
    lengthText(start) +
    dataText(start) +
    streamedText(start) +
    reason +
    from
  );
}

/** Of pictures and arrays nothing need be said. */
function dataText({ dataKind = 'image', dataNotes = [] }: StartEvent): string {
  const kind = ['image', 'array'].includes(dataKind) ? '' : `\nData read as ${dataKind}.`;
  return [kind, ...dataNotes.map((note) => `\n${note}`)].join('');
}

/** What --memory-limit comes to. */
function streamedText({ streamed }: StartEvent): string {
  if (!streamed) return '';
  const { windows, windowExamples, blockExamples } = streamed;
  return (
    `\nTraining data is streamed, an epoch in ${plural(windows, 'window')} of ${plural(windowExamples, 'example')}. ` +
    `A step's come from one window or two neighbours, which have other blocks of ${formatCount(blockExamples)} each epoch.`
  );
}

function validationText({ validationExamples }: StartEvent): string {
  return validationExamples === undefined
    ? ''
    : `${formatCount(validationExamples)} to choose by, `;
}

function lengthText({ totalSteps, stepsPerEpoch }: StartEvent): string {
  return totalSteps % stepsPerEpoch === 0
    ? `${plural(totalSteps / stepsPerEpoch, 'epoch')} of ${plural(stepsPerEpoch, 'step')}`
    : `${plural(totalSteps, 'step')}, ${formatCount(stepsPerEpoch)} an epoch`;
}
