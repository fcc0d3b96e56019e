/**
 * Text cut into words, across which no pair is merged: letters, digits, or signs, each with one space
 * before it, or white space. Put together again they are the text. By ASCII classes: what is beyond
 * counts as a letter, so that the cut is the same whatever Unicode tables the machine has.
 */
const WORD = / ?[^\s\d!-/:-@[-`{-~]+| ?\d+| ?[!-/:-@[-`{-~]+|\s+/g;

export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}
