/**
 * Negative log-likelihood by importance sampling with the encoder as the proposal:
 *
 *   -log p(x) <= -E[ log 1/k sum_i w_i ],   log w_i = log p(x | z_i) + log p(z_i) - log q(z_i | x)
 *
 * with z_1 ... z_k drawn from q(z | x). Burda, Grosse, Salakhutdinov: "Importance Weighted
 * Autoencoders" (2016), eq. 8. With k = 1 it is the negative ELBO; it falls towards -log p(x) as k
 * grows.
 */
import { portableLog } from '../math/portable.ts';
import { LogMeanExp } from './logMeanExp.ts';
import { meanOf } from './rows.ts';

export class ImportanceWeightedNll {
  readonly #bound: LogMeanExp;

  /** @param count examples */
  constructor(count: number) {
    this.#bound = new LogMeanExp(count);
  }

  /** log w of one more draw of z, for every example, or for some of them from `first` on. */
  add(logWeights: ArrayLike<number>, first = 0): void {
    this.#bound.add(logWeights, first);
  }

  /** Draws of each example, once all have had as many. */
  get k(): number {
    return this.#bound.draws;
  }

  /** Mean over the examples, in nats. */
  nll(): number {
    return -meanOf(this.#bound.values());
  }
}

/** Bits per dimension: nats / (dimensions * ln 2). */
export function bitsPerDimension(nats: number, dimensions: number): number {
  return nats / (dimensions * portableLog(2));
}
