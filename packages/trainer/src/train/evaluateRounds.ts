/** Mean loss and metrics over the data that workers evaluate on, on all of them. */
import type { CoordinatorChannel } from '@lockstep/collective';
import { nonFiniteError } from './nonFinite.ts';
import { MeanMetrics, type Means } from './meanMetrics.ts';

export interface Evaluation extends Means {
  readonly examples: number;
}

export interface EvaluationPlan {
  readonly rounds: number;
  readonly metrics: readonly string[];
  /** Told of the rounds that are done. */
  onRound?(done: number): void;
  /** Of the data; absent: test. */
  readonly part?: 'validation';
}

/** @throws RunError where the loss or a metric is not finite */
export async function evaluateRounds(
  channel: CoordinatorChannel,
  { rounds, metrics, onRound }: EvaluationPlan,
): Promise<Evaluation> {
  const mean = new MeanMetrics(metrics);
  const range = { kind: 'evaluate', from: 0, until: rounds } as const;
  let done = 0;
  const { broken } = await channel.run(range, {
    onRound: (record) => {
      mean.add(record);
      onRound?.(++done);
    },
  });
  if (broken) {
    throw nonFiniteError(broken, metrics, {
      where: `evaluation, batch ${broken.round}`,
      kept: 'Earlier checkpoints are kept.',
    });
  }
  return { ...mean.means(), examples: mean.sums.weight };
}
