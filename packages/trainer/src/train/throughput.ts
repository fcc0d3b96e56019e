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
    if (this.#since !== undefined) this.#seconds += (this.#latest - this.#since) / 1000;
  }

  /** Training goes on. */
  resume(): void {
    if (this.#since !== undefined) this.#since = performance.now();
  }

  get imagesPerSec(): number {
    return this.#seconds > 0 ? this.#images / this.#seconds : 0;
  }
}
