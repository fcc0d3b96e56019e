/** One child process for all that a thread does with one engine. */
import { EngineChild, type EngineChildOptions } from './engineChild.ts';

/** What is only tried, or unloaded and loaded again, does not start twice; nor hold a GPU for long. */
const LINGER_MS = 5000;

export interface BorrowedChild {
  readonly child: EngineChild;
  /** Once. */
  release(): void;
}

export class SharedChild {
  readonly #options: EngineChildOptions;
  #started: Promise<EngineChild> | undefined;
  #users = 0;
  #ending: NodeJS.Timeout | undefined;

  constructor(options: EngineChildOptions) {
    this.#options = options;
  }

  /** The child; a new one where there is none, or it died. Throws what starting it throws. */
  async borrow(): Promise<BorrowedChild> {
    clearTimeout(this.#ending);
    this.#users++;
    try {
      const child = await this.#living();
      return { child, release: () => this.#release() };
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async #living(): Promise<EngineChild> {
    const child = await this.#started?.catch(() => undefined);
    if (child?.alive) return child;
    return (this.#started = EngineChild.start(this.#options));
  }

  #release(): void {
    if (--this.#users > 0) return;
    const started = this.#started;
    this.#ending = setTimeout(() => {
      this.#started = undefined;
      started?.then((child) => child.end()).catch(() => undefined);
    }, LINGER_MS).unref();
  }
}
