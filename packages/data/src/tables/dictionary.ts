/**
 * The distinct texts of a column, numbered in the order in which they come. From `limit` texts on, new ones
 * are not kept: their code is OTHER.
 */
import { isMissing } from './missing.ts';

/** The code of a text that came when the dictionary was full. */
export const OTHER = -1;

export class Dictionary {
  readonly texts: string[] = [];
  /** Whether a text had to be left out. */
  isFull = false;

  readonly #codes = new Map<string, number>();
  readonly #limit: number;
  readonly #missing: ReadonlySet<string>;

  constructor(limit: number, missing: ReadonlySet<string>) {
    this.#limit = limit;
    this.#missing = missing;
  }

  /** NaN for what stands for a missing value. */
  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    if (isMissing(text, this.#missing)) return NaN;
    if (this.texts.length >= this.#limit) {
      this.isFull = true;
      return OTHER;
    }
    const code = this.texts.length;
    this.texts.push(text);
    this.#codes.set(text, code);
    return code;
  }
}
