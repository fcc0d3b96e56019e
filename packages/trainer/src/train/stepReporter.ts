/** Gathers finished steps into step events: every so many steps, or after a while if they are slow. */
import type { RoundRecord } from '@lockstep/collective';
import type { RunEvent } from '@lockstep/protocol';
import { MeanMetrics } from './meanMetrics.ts';

const STEPS = 50;
const INTERVAL_MS = 500;

export interface StepReporterOptions {
  learningRate(step: number): number;
  onEvent(event: RunEvent): void;
}

export class StepReporter {
  readonly #names: readonly string[];
  readonly #options: StepReporterOptions;
  #mean: MeanMetrics;
  #steps = 0;
  #since = performance.now();

  constructor(names: readonly string[], options: StepReporterOptions) {
    this.#names = names;
    this.#options = options;
    this.#mean = new MeanMetrics(names);
  }

  add(
    record: RoundRecord,
    { stepsPerEpoch, ...speed }: { stepsPerEpoch: number; examplesPerSec?: number },
  ): void {
    this.#mean.add(record);
    this.#steps += 1;
    const now = performance.now();
    if (this.#steps < STEPS && now - this.#since < INTERVAL_MS) return;
    this.#options.onEvent({
      event: 'step',
      step: record.round + 1,
      epoch: (record.round + 1) / stepsPerEpoch,
      ...this.#mean.means(),
      learningRate: this.#options.learningRate(record.round),
      ...speed,
    });
    this.#mean = new MeanMetrics(this.#names);
    this.#steps = 0;
    this.#since = now;
  }
}
