/** Text to token numbers and back, as a format says. */
import { mergePair, pairKey, type Merge } from './bytePairs.ts';
import { END_TOKEN, UNKNOWN_TOKEN, type TextFormat } from './textFormat.ts';
import { wordsOf } from './words.ts';

export interface TextCodec {
  readonly format: TextFormat;
  /** All tokens of a text, no end token, not cut. */
  tokenize(text: string): number[];
  /** The tokens of one example: as many as the format has, cut or filled up with the end token. */
  encode(text: string): Uint16Array;
  /** The text of tokens, up to the first end token. Numbers between two tokens are rounded. */
  decode(ids: ArrayLike<number>): string;
  /** Characters of a text that the vocabulary does not have, each once, as they come. */
  unknownCharacters(text: string): string[];
}

export type TextVocabulary = Pick<TextFormat, 'unit' | 'vocabulary' | 'merges'>;

export function textCodec(format: TextFormat): TextCodec {
  const tokenize = tokenizerOf(format);
  const { vocabulary, length, merges = [] } = format;
  const characters = new Set(
    vocabulary.slice(UNKNOWN_TOKEN + 1, vocabulary.length - merges.length),
  );
  return {
    format,
    tokenize,
    encode(text) {
      const ids = new Uint16Array(length).fill(END_TOKEN);
      ids.set(tokenize(text).slice(0, length));
      return ids;
    },
    decode(ids) {
      let text = '';
      for (let i = 0; i < ids.length; i++) {
        const id = Math.round(ids[i] ?? END_TOKEN);
        if (id === END_TOKEN) break;
        text += vocabulary[id] ?? vocabulary[UNKNOWN_TOKEN] ?? '';
      }
      return text;
    },
    unknownCharacters: (text) => [...new Set(text)].filter((each) => !characters.has(each)),
  };
}

/** The function from text to tokens alone. */
export function tokenizerOf(vocabulary: TextVocabulary): (text: string) => number[] {
  const { merges = [] } = vocabulary;
  const single = characterTokens(vocabulary);
  return vocabulary.unit === 'character' ? single : withMerges(single, merges, vocabulary);
}

function characterTokens({ vocabulary, merges = [] }: TextVocabulary): (text: string) => number[] {
  const byPoint = new Map<number, number>();
  for (let id = UNKNOWN_TOKEN + 1; id < vocabulary.length - merges.length; id++) {
    byPoint.set(vocabulary[id]?.codePointAt(0) ?? 0, id);
  }
  return (text) => {
    const tokens: number[] = [];
    for (let at = 0; at < text.length; at++) {
      const point = text.codePointAt(at) ?? 0;
      if (point > 0xffff) at++;
      tokens.push(byPoint.get(point) ?? UNKNOWN_TOKEN);
    }
    return tokens;
  };
}

/** Words whose tokens are kept. */
const mostKept = 1 << 16;

function withMerges(
  single: (text: string) => number[],
  merges: readonly Merge[],
  { vocabulary }: TextVocabulary,
): (text: string) => number[] {
  const first = vocabulary.length - merges.length;
  const ranks = new Map(merges.map(([left, right], i) => [pairKey(left, right), i]));
  const known = new Map<string, readonly number[]>();
  const tokensOf = (word: string): readonly number[] => {
    const found = known.get(word);
    if (found) return found;
    let tokens = single(word);
    for (;;) {
      let best = Infinity;
      for (let i = 1; i < tokens.length; i++) {
        const rank = ranks.get(pairKey(tokens[i - 1] ?? 0, tokens[i] ?? 0)) ?? Infinity;
        if (rank < best) best = rank;
      }
      const merge = merges[best];
      if (merge === undefined) break;
      tokens = mergePair(tokens, merge, first + best);
    }
    if (known.size < mostKept) known.set(word, tokens);
    return tokens;
  };
  return (text) => wordsOf(text).flatMap(tokensOf);
}
