/** What examples of text hold, in one pass, as a model is given them. */
import { characterCount, END_TOKEN, textCodec, UNKNOWN_TOKEN } from '@lockstep/data/text';
import type { TextFormat, TextUnit } from '@lockstep/data/text';

export interface TextStatistics {
  readonly unit: TextUnit;
  /** Tokens that there are, with the end and the unknown one. */
  readonly vocabulary: number;
  /** Characters (code points) of all examples, without the ends of lines, and unknown ones among them. */
  readonly characters: number;
  readonly unknown: number;
  /** Characters of an example. */
  readonly mean: number;
  readonly longest: number;
  /** Of lines: those that have more tokens, their end with them, than an example; what is behind is cut off. */
  readonly cut?: number;
}

export class StatisticsOfText {
  readonly #format: TextFormat;
  readonly #decode: (ids: ArrayLike<number>) => string;
  #examples = 0;
  #characters = 0;
  #unknown = 0;
  #longest = 0;
  #cut = 0;

  constructor(format: TextFormat) {
    this.#format = format;
    this.#decode = textCodec(format).decode;
  }

  /** @param ids [count, T] */
  add(ids: Float32Array): void {
    const { length } = this.#format;
    for (let at = 0; at < ids.length; at += length) {
      const example = ids.subarray(at, at + length);
      const characters = characterCount(this.#decode(example));
      this.#examples++;
      this.#characters += characters;
      this.#longest = Math.max(this.#longest, characters);
      for (const id of example) if (id === UNKNOWN_TOKEN) this.#unknown++;
      if (!example.includes(END_TOKEN)) this.#cut++;
    }
  }

  result(): TextStatistics {
    const { unit, vocabulary, by } = this.#format;
    return {
      unit,
      vocabulary: vocabulary.length,
      characters: this.#characters,
      unknown: this.#unknown,
      mean: this.#characters / this.#examples,
      longest: this.#longest,
      ...(by === 'line' && { cut: this.#cut }),
    };
  }
}
