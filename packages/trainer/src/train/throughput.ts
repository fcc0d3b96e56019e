/**
 * Steady training speed: examples over the time spent training them. What came before the first
 * finished round (loading, compiling) and pauses (evaluation, pictures) do not count.
 *
 * Rounds are heard of in bursts, a few milliseconds late: over less than LEAST_SECONDS the quotient would say
 * more of that than of the speed, and there is none.
 */
const LEAST_SECONDS = 0.25;

export class Throughput {
  #examples = 0;
  #seconds = 0;
  #since: number | undefined;
  #latest = 0;

  /** A round has finished. */
  add(examples: number): void {
    this.#latest = performance.now();
    if (this.#since === undefined) this.#since = this.#latest;
    else this.#examples += examples;
  }

  /** Training stops for a while. */
  pause(): void {
    if (this.#since === undefined) return;
    this.#seconds += (this.#latest - this.#since) / 1000;
    this.#since = this.#latest;
  }

  /** Training goes on. */
  resume(): void {
    if (this.#since === undefined) return;
    this.#since = performance.now();
    this.#latest = this.#since;
  }

  /** Undefined until training was timed for long enough. */
  get examplesPerSec(): number | undefined {
    const running = this.#since === undefined ? 0 : (this.#latest - this.#since) / 1000;
    const seconds = this.#seconds + running;
    return seconds >= LEAST_SECONDS ? this.#examples / seconds : undefined;
  }
}
