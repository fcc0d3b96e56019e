/**
 * Rows that arrive about the same time go through a function of the model together. One batch runs at a
 * time; what comes meanwhile is the next.
 */

export type Row = Readonly<Record<string, Float32Array>>;

export interface RowBatcherOptions {
  /** Most rows of a batch. */
  readonly size: number;
  /** How long the first row waits for others, unless the batch is full before. */
  readonly waitMs: number;
  /** Gives the outputs of each row, in arrays of their own. */
  run(rows: readonly Row[]): Promise<readonly Row[]>;
}

interface Waiting {
  readonly row: Row;
  resolve(outputs: Row): void;
  reject(reason: unknown): void;
}

export class RowBatcher {
  readonly #options: RowBatcherOptions;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(options: RowBatcherOptions) {
    this.#options = options;
  }

  /** The outputs of rows, in their order. */
  run(rows: readonly Row[]): Promise<readonly Row[]> {
    const answers = rows.map(
      (row) =>
        new Promise<Row>((resolve, reject) => {
          this.#waiting.push({ row, resolve, reject });
        }),
    );
    this.#schedule();
    return Promise.all(answers);
  }

  #schedule(): void {
    if (this.#isRunning || this.#waiting.length === 0) return;
    if (this.#waiting.length >= this.#options.size) void this.#runNext();
    else this.#timer ??= setTimeout(() => void this.#runNext(), this.#options.waitMs);
  }

  async #runNext(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isRunning = true;
    const batch = this.#waiting.splice(0, this.#options.size);
    try {
      const rows = batch.map(({ row }) => row);
      const outputs = await this.#options.run(rows);
      batch.forEach(({ resolve }, i) => resolve(outputs[i] ?? {}));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    // What has come meanwhile has waited already; others get their turn first.
    this.#isRunning = false;
    if (this.#waiting.length > 0) setImmediate(() => this.#isRunning || void this.#runNext());
  }
}
