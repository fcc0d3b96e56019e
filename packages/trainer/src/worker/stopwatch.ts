/** Where a worker's time goes: every lap is booked on one activity. */
export type Activity = 'gather' | 'compute' | 'wait' | 'update';

export class Stopwatch {
  readonly seconds: Record<Activity, number> = { gather: 0, compute: 0, wait: 0, update: 0 };
  #last = performance.now();

  /** Books the time since the last lap. */
  lap(activity: Activity): void {
    const now = performance.now();
    this.seconds[activity] += (now - this.#last) / 1000;
    this.#last = now;
  }

  /** Forgets the time since the last lap. */
  restart(): void {
    this.#last = performance.now();
  }
}
