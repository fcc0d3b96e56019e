/**
 * How text was read: plain JSON, kept with a trained model, so that more text can be read alike and
 * numbers turned into text again.
 */

/** The token that ends an example and fills up what is left of it. */
export const END_TOKEN = 0;

/** The token of characters that the vocabulary does not have. */
export const UNKNOWN_TOKEN = 1;

/** What `UNKNOWN_TOKEN` is written as: U+FFFD, the replacement character. */
export const UNKNOWN_TEXT = '\ufffd';

/** What stands for one token. */
export type TextUnit = 'character' | 'byte-pair';

/** What is one example: a line, or so many characters of a text that goes on. */
export type TextCut = 'line' | 'window';

/** What becomes of a character that the vocabulary does not have. */
export type UnknownPolicy = 'replace' | 'error';

export interface TextFormat {
  readonly kind: 'text';
  readonly unit: TextUnit;
  /** The text of each token: '' of the end, U+FFFD of the unknown, then characters, then pairs. */
  readonly vocabulary: readonly string[];
  /** Of byte pairs: the two tokens that each of the last tokens is made of, the earliest merge first. */
  readonly merges?: readonly (readonly [left: number, right: number])[];
  /** Tokens of an example, T: shorter ones are filled up with the end token. */
  readonly length: number;
  readonly by: TextCut;
  /** Of windows: characters of each. Of lines: longer ones go on in further examples; absent: none does. */
  readonly characters?: number;
  /** Whether lines of nothing but white space are examples too. */
  readonly keepEmpty: boolean;
  readonly unknown: UnknownPolicy;
}
