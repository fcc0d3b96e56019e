/** Means per example over any number of rounds. Sums are float64, added in round order. */
import type { RoundRecord } from '@lockstep/collective';

export interface Means {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Plain data: kept in checkpoints, so that a resumed epoch's means are those of the whole epoch. */
export interface MetricSums {
  readonly weight: number;
  readonly sums: readonly number[];
}

export class MeanMetrics {
  readonly #names: readonly string[];
  #weight: number;
  #sums: number[];

  constructor(names: readonly string[], from?: MetricSums) {
    this.#names = names;
    this.#weight = from?.weight ?? 0;
    this.#sums = from ? [...from.sums] : new Array<number>(names.length + 1).fill(0);
  }

  add({ weight, sums }: Pick<RoundRecord, 'weight' | 'sums'>): void {
    this.#weight += weight;
    this.#sums = this.#sums.map((sum, i) => sum + (sums[i] ?? 0));
  }

  get sums(): MetricSums {
    return { weight: this.#weight, sums: this.#sums };
  }

  means(): Means {
    const [loss = 0, ...metrics] = this.#sums.map((sum) => sum / this.#weight);
    return {
      loss,
      metrics: Object.fromEntries(this.#names.map((name, i) => [name, metrics[i] ?? 0])),
    };
  }
}
