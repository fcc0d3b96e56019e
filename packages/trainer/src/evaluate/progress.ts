/**
 * How far an evaluation is, for whoever watches: an event for each batch or block of rows, never for a
 * single example; and before what takes long, one that says so.
 */

/** The evaluation of the loss has no metric's name. */
export interface EvaluationProgress {
  readonly event: 'progress';
  readonly metric?: string;
  /** From 1, of how many; the loss is the first. Until the data is open it alone is known of. */
  readonly part: number;
  readonly parts: number;
  /** What is done now, in a word or two. */
  readonly work: string;
  readonly done: number;
  /** 0: not known. */
  readonly total: number;
}

/** Each of `queries` rows is about to be compared with each of `points`. */
export interface SlowComparison {
  readonly event: 'slow';
  readonly metric: string;
  readonly queries: number;
  readonly points: number;
  /** Numbers of a row. */
  readonly dim: number;
}

export type EvaluationEvent = EvaluationProgress | SlowComparison;

/** Numbers compared by one worker from which it is said: some 15 seconds, at 3e8 a second. */
const SLOW = 5e9;

export class ProgressTeller {
  readonly #listen: ((event: EvaluationEvent) => void) | undefined;
  #parts = 1;
  readonly #signal: AbortSignal | undefined;
  #part = 0;
  #metric: string | undefined;

  /** @param signal ends the evaluation where it next says how far it is */
  constructor(listen: ((event: EvaluationEvent) => void) | undefined, signal?: AbortSignal) {
    this.#listen = listen;
    this.#signal = signal;
  }

  /** How many metrics come after the loss. */
  expect(metrics: number): void {
    this.#parts = 1 + metrics;
  }

  /** The next part: the loss first, without a name. */
  begin(metric?: string): void {
    this.#part += 1;
    this.#metric = metric;
    this.tell('', 0, 0);
  }

  /** @throws the reason to end the evaluation, if there is one */
  tell(work: string, done: number, total: number): void {
    this.#listen?.({
      event: 'progress',
      ...(this.#metric !== undefined && { metric: this.#metric }),
      part: this.#part,
      parts: this.#parts,
      work,
      done,
      total,
    });
    this.#signal?.throwIfAborted();
  }

  compare(comparison: Pick<SlowComparison, 'queries' | 'points' | 'dim'>, workers: number): void {
    const { queries, points, dim } = comparison;
    if ((queries * points * dim) / workers < SLOW) return;
    this.#listen?.({ event: 'slow', metric: this.#metric ?? 'loss', ...comparison });
  }
}
