/** A run's events on their way: to the listener, to metrics.jsonl, to TensorBoard. */
import type { RunEvent } from '@lockstep/protocol';
import { openMetricsLog, type MetricsLog } from '../run/metricsLog.ts';
import type { RunFolder } from '../run/runFolder.ts';
import { openTensorboard, type TensorboardWriter } from '../run/tensorboard.ts';

export class Recorder {
  readonly tensorboard: TensorboardWriter;
  readonly #log: MetricsLog;
  readonly #listener: (event: RunEvent) => void;

  /** @param resumedStep what an earlier session logged past this step is removed */
  constructor(folder: RunFolder, listener: (event: RunEvent) => void, resumedStep?: number) {
    this.tensorboard = openTensorboard(
      folder.path,
      resumedStep === undefined ? {} : { resumedStep },
    );
    this.#log = openMetricsLog(folder.metrics, resumedStep);
    this.#listener = listener;
  }

  record(event: RunEvent): void {
    this.#log.append(event);
    if (event.event === 'step') {
      const { step, loss, metrics, learningRate, examplesPerSec } = event;
      this.tensorboard.scalars(step, {
        'train/loss': loss,
        ...prefixed('train/', metrics),
        learning_rate: learningRate,
        ...(examplesPerSec !== undefined && { examples_per_sec: examplesPerSec }),
      });
      this.tensorboard.flush();
    }
    if (event.event === 'epoch') {
      const { step, part = 'test', testLoss, testMetrics, trainLoss, trainMetrics } = event;
      this.tensorboard.scalars(step, {
        'epoch/train_loss': trainLoss,
        ...prefixed('epoch/train_', trainMetrics),
        [`epoch/${part}_loss`]: testLoss,
        ...prefixed(`epoch/${part}_`, testMetrics),
      });
      this.tensorboard.flush();
    }
    if (event.event === 'artifact') this.tensorboard.flush();
    this.#listener(event);
  }

  close(): void {
    this.tensorboard.close();
    this.#log.close();
  }
}

function prefixed(
  prefix: string,
  metrics: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [prefix + name, value]));
}
