/**
 * The format of a text from its training examples: vocabulary, then length. The vocabulary looks at the
 * first 64 Mi characters of them, which keeps memory flat however long the file is; the length at all.
 */
import { trainMerges, type WordCount } from './bytePairs.ts';
import { characterCount, commonCharacters, countCharacters } from './characterCounts.ts';
import { tokenizerOf, type TextVocabulary } from './textCodec.ts';
import { UNKNOWN_TEXT, type TextFormat } from './textFormat.ts';
import { defaultMostTokens, type CompleteTextOptions } from './textOptions.ts';
import { wordsOf } from './words.ts';

/** Characters that the vocabulary is made of, at most. */
const mostFitted = 1 << 26;

/** Calls back with each training example, in the order of the file. */
export type EachExample = (take: (text: string) => void) => Promise<void>;

export async function fitText(
  each: EachExample,
  options: CompleteTextOptions,
): Promise<TextFormat> {
  const { by, unit, keepEmpty, unknown, characters } = options;
  const isPairs = unit === 'byte-pair';
  const counts = new Map<number, number>();
  const words = new Map<string, number>();
  let seen = 0;
  let longest = 0;
  await each((text) => {
    if (!isPairs) longest = Math.max(longest, characterCount(text));
    if (seen >= mostFitted) return;
    seen += text.length;
    countCharacters(text, counts);
    if (!isPairs) return;
    for (const word of wordsOf(text)) words.set(word, (words.get(word) ?? 0) + 1);
  });
  const vocabulary = isPairs
    ? pairVocabulary(counts, words, options.vocabularySize)
    : characterVocabulary(counts, options.vocabularySize);
  if (isPairs && options.tokens === undefined) {
    const tokenize = tokenizerOf(vocabulary);
    await each((text) => {
      longest = Math.max(longest, tokenize(text).length);
    });
  }
  // A line ends, so its end is a token of its own; a window is but cut off.
  const wanted = Math.max(2, longest + (by === 'line' ? 1 : 0));
  return {
    kind: 'text',
    ...vocabulary,
    length: options.tokens ?? Math.min(wanted, defaultMostTokens),
    by,
    ...(characters !== undefined && { characters }),
    keepEmpty,
    unknown,
  };
}

const special = ['', UNKNOWN_TEXT];

function characterVocabulary(counts: ReadonlyMap<number, number>, size: number): TextVocabulary {
  const characters = commonCharacters(counts, size - special.length);
  return { unit: 'character', vocabulary: [...special, ...characters] };
}

/** Single characters take half of the vocabulary at most, so that pairs have room. */
function pairVocabulary(
  counts: ReadonlyMap<number, number>,
  words: ReadonlyMap<string, number>,
  size: number,
): TextVocabulary {
  const most = Math.max(1, Math.floor(size / 2) - special.length);
  const vocabulary = [...special, ...commonCharacters(counts, most)];
  const tokenize = tokenizerOf({ unit: 'character', vocabulary });
  const wordCounts = Array.from(words, ([word, count]): WordCount => ({
    tokens: tokenize(word),
    count,
  }));
  const merges = trainMerges(wordCounts, vocabulary.length, size - vocabulary.length);
  for (const [left, right] of merges) {
    vocabulary.push((vocabulary[left] ?? '') + (vocabulary[right] ?? ''));
  }
  return { unit: 'byte-pair', vocabulary, merges };
}
