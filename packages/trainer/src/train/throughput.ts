/**
 * Steady training speed: images over the time spent training them. What came before the first
 * finished round (loading, compiling) and pauses (evaluation, pictures) do not count.
 */
export class Throughput {
  #images = 0;
  #seconds = 0;
  #since: number | undefined;
  #latest = 0;

  /** A round has finished. */
  add(images: number): void {
    this.#latest = performance.now();
    if (this.#since === undefined) this.#since = this.#latest;
    else this.#images += images;
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

  get imagesPerSec(): number {
    const running = this.#since === undefined ? 0 : (this.#latest - this.#since) / 1000;
    const seconds = this.#seconds + running;
    return seconds > 0 ? this.#images / seconds : 0;
  }
}
