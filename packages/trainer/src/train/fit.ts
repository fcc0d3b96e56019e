/**
 * The training loop. Workers run the steps (see worker/runWorker.ts); this loop says how far they
 * may go, and does what is to be done between: evaluate, keep the best, write checkpoints and
 * pictures, stop.
 */
import type { CoordinatorChannel } from '@lockstep/collective';
import type { EpochEvent, RunEvent } from '@lockstep/protocol';
import { afterEpoch, isOver, type EarlyStopping, type Plateau } from './earlyStopping.ts';
import { evaluateRounds, type Evaluation, type EvaluationPlan } from './evaluateRounds.ts';
import { MeanMetrics, type Means, type MetricSums } from './meanMetrics.ts';
import { nonFiniteError } from './nonFinite.ts';
import { nextPause, type Schedule } from './position.ts';
import { StepReporter } from './stepReporter.ts';
import { Throughput } from './throughput.ts';

/** The lowest test loss so far, and the steps that led to it. */
export interface BestLoss {
  readonly loss: number;
  readonly step: number;
}

/** What a checkpoint holds of the loop itself, so that a resumed run reports the same figures. */
export interface FitState {
  /** Sums over the epoch in progress. */
  readonly epoch: MetricSums;
  /** Mean loss over the last finished epoch. */
  readonly trainLoss?: number;
  readonly best?: BestLoss;
  /** With early stopping. */
  readonly plateau?: Plateau;
}

export interface Verdict {
  /** Evaluated: the parameters give finite losses. */
  readonly proven: boolean;
  /** No earlier test loss was lower. */
  readonly best: boolean;
}

export interface FitOptions {
  readonly channel: CoordinatorChannel;
  readonly schedule: Schedule;
  /** What a step reports beside its loss. */
  readonly metrics: readonly string[];
  readonly evaluation: EvaluationPlan;
  readonly from?: FitState;
  readonly earlyStopping?: EarlyStopping | undefined;
  learningRate(step: number): number;
  onEvent(event: RunEvent): void;
  /** Called between steps, with what the last evaluation said of the parameters. */
  saveCheckpoint(state: FitState, verdict: Verdict): Promise<void>;
  /**
   * Called where a loss is not finite, with the step of a checkpoint whose very next step that was, if
   * there is one: it is no good. Resolves with the path of the newest that is.
   */
  discardCheckpoint(step: number | undefined): Promise<string | undefined>;
  /** Called after each epoch. */
  drawPictures(epoch: number): Promise<void>;
  readonly signal: AbortSignal;
}

export interface FitResult {
  readonly step: number;
  readonly interrupted: boolean;
  /** Ended before its last step, since the test loss no longer improved. */
  readonly stoppedEarly: boolean;
  readonly trainLoss: number;
  readonly best?: BestLoss;
  readonly test?: Evaluation;
  /** Where training was timed for long enough to tell. */
  readonly examplesPerSec?: number;
}

/** @throws RunError where the loss or a metric is not finite; no later checkpoint is written */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { channel, schedule, metrics, evaluation, earlyStopping, signal, onEvent } = options;
  const { stepsPerEpoch, totalSteps } = schedule;
  const throughput = new Throughput();
  const reporter = new StepReporter(metrics, options);
  let epochMean = new MeanMetrics(metrics, options.from?.epoch);
  let { trainLoss, best, plateau } = options.from ?? {};
  let test: Evaluation | undefined;
  let unproven = channel.step % stepsPerEpoch === 0 ? undefined : channel.step;

  do {
    // Steps, until there is something to do between them.
    throughput.resume();
    const range = {
      kind: 'compute',
      from: channel.step,
      until: nextPause(channel.step, schedule),
    } as const;
    const { broken } = await channel.run(range, {
      signal,
      onRound(record) {
        throughput.add(record.weight);
        epochMean.add(record);
        reporter.add(record, { stepsPerEpoch, ...speedOf(throughput) });
      },
    });
    throughput.pause();
    if (broken) {
      const where = `training, step ${broken.round}`;
      const good = await options.discardCheckpoint(
        broken.round === unproven ? unproven : undefined,
      );
      const kept = good === undefined ? '' : `The last good checkpoint is ${good}.`;
      throw nonFiniteError(broken, metrics, { where, kept });
    }

    // The end of an epoch, or of the run.
    const { step } = channel;
    const epochEnds = step % stepsPerEpoch === 0;
    let isBest = false;
    const evaluated = step > range.from && (epochEnds || step === totalSteps);
    if (evaluated) {
      const train = epochMean.means();
      test = await evaluateRounds(channel, evaluation);
      onEvent({
        ...epochEvent(step, stepsPerEpoch, train, test),
        ...speedOf(throughput),
        ...(evaluation.part && { part: evaluation.part }),
      });
      trainLoss = train.loss;
      isBest = best === undefined || test.loss < best.loss;
      if (isBest) best = { loss: test.loss, step };
      if (epochEnds) {
        epochMean = new MeanMetrics(metrics);
        if (earlyStopping) plateau = afterEpoch(plateau, test.loss, earlyStopping);
      }
    }
    const state: FitState = {
      epoch: epochMean.sums,
      ...(trainLoss !== undefined && { trainLoss }),
      ...(best && { best }),
      ...(plateau && { plateau }),
    };
    await options.saveCheckpoint(state, { proven: evaluated, best: isBest });
    unproven = evaluated ? undefined : step;
    if (evaluated) await options.drawPictures(Math.ceil(step / stepsPerEpoch));
  } while (channel.step < totalSteps && !signal.aborted && !isOver(plateau, earlyStopping));

  const stoppedEarly = channel.step < totalSteps && isOver(plateau, earlyStopping);
  return {
    step: channel.step,
    interrupted: channel.step < totalSteps && !stoppedEarly,
    stoppedEarly,
    trainLoss: trainLoss ?? NaN,
    ...(best && { best }),
    ...(test && { test }),
    ...speedOf(throughput),
  };
}

function epochEvent(
  step: number,
  stepsPerEpoch: number,
  train: Means,
  test: Evaluation,
): EpochEvent {
  return {
    event: 'epoch',
    epoch: step / stepsPerEpoch,
    step,
    trainLoss: train.loss,
    trainMetrics: train.metrics,
    testLoss: test.loss,
    testMetrics: test.metrics,
  };
}

function speedOf({ examplesPerSec }: Throughput): { readonly examplesPerSec?: number } {
  return examplesPerSec === undefined ? {} : { examplesPerSec };
}
