/**
 * Pairs by how often they occur, the most frequent first and of equals the lower key: a binary heap.
 * A pair is pushed again whenever its count changes; what it was pushed with before is passed over.
 */
export class PairQueue {
  readonly #keys: number[] = [];
  readonly #counts: number[] = [];

  push(key: number, count: number): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#counts.push(count);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes away and gives the first pair that still occurs as often as when it was pushed. */
  pop(counts: ReadonlyMap<number, number>): number | undefined {
    while (this.#keys.length > 0) {
      const key = this.#keys[0] as number;
      const isCurrent = counts.get(key) === this.#counts[0];
      this.#removeFirst();
      if (isCurrent) return key;
    }
    return undefined;
  }

  #removeFirst(): void {
    this.#swap(0, this.#keys.length - 1);
    this.#keys.pop();
    this.#counts.pop();
    const { length } = this.#keys;
    for (let at = 0; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < length && this.#isBefore(child, first)) first = child;
      }
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const difference = (this.#counts[a] ?? 0) - (this.#counts[b] ?? 0);
    return difference > 0 || (difference === 0 && (this.#keys[a] ?? 0) < (this.#keys[b] ?? 0));
  }

  #swap(a: number, b: number): void {
    for (const list of [this.#keys, this.#counts]) {
      [list[a], list[b]] = [list[b] ?? 0, list[a] ?? 0];
    }
  }
}
