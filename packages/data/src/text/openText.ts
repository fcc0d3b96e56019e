/**
 * A text file, plain or gzip, as examples of token numbers. It is read from its beginning to its end
 * each time, so it may be larger than memory: once to count, once or twice to fit, then for its values.
 */
import { DataError } from '../errors.ts';
import { copyLines, type CopyParts } from '../splits/copyLines.ts';
import { readByScan } from '../sources/readByScan.ts';
import { tokenizerOf } from './textCodec.ts';
import { textExamples, type CutOptions } from './textExamples.ts';
import { fitText } from './fitText.ts';
import { END_TOKEN, UNKNOWN_TOKEN, type TextFormat } from './textFormat.ts';
import {
  CUT_WINDOWS,
  completeTextOptions,
  optionsOfFormat,
  type CompleteTextOptions,
  type TextOptions,
} from './textOptions.ts';

export interface OpenTextOptions extends TextOptions {
  /** Read as this says, of a trained run: of the options `unknown` alone counts then. */
  readonly format?: TextFormat;
}

/** A file whose examples have been counted, and whose encoding is known to be right. */
export interface OpenedText {
  readonly where: string;
  readonly count: number;
  /** Of lines: how the file would have more examples, for messages. */
  readonly forMore?: string;
  /** Of examples that are whole lines. */
  readonly copyParts?: CopyParts;
  /** The source with the format given, or made from the examples at these positions (default: all). */
  fit(train: Uint32Array | undefined): Promise<TextSource>;
}

export interface TextSource {
  readonly where: string;
  /** [T] */
  readonly shape: readonly number[];
  readonly count: number;
  readonly valueType: 'uint16';
  readonly labels: undefined;
  readonly format: TextFormat;
  /** The line in which each example begins, from 1; those at `positions` (ascending; undefined: all). */
  lines(positions?: Uint32Array): AsyncGenerator<readonly number[], void>;
  /** Blocks of whole examples in the order of the file: uint16, little-endian, T each. */
  scan(take: (rows: Uint8Array, first: number) => void | Promise<void>): Promise<void>;
  /** Those at `positions` (ascending; undefined: all), one after another. */
  read(target: Uint8Array, positions: Uint32Array | undefined): Promise<void>;
}

/** Throws DataError. */
export async function openText(path: string, options: OpenTextOptions = {}): Promise<OpenedText> {
  const { format, ...own } = options;
  const complete = format ? optionsOfFormat(format, own) : completeTextOptions(own);
  let count = 0;
  for await (const { texts } of textExamples(path, complete)) count += texts.length;
  if (count === 0) throw noExamples(path);
  return {
    where: path,
    count,
    ...(complete.by === 'line' && { forMore: CUT_WINDOWS }),
    ...(complete.by === 'line' &&
      complete.characters === undefined && {
        copyParts: async (partOf, parts, take) =>
          copyLines(path, { lines: await linesOf(path, complete, count), partOf, parts }, take),
      }),
    fit: async (train) => {
      const made = format ?? (await fitText(trainingExamples(path, complete, train), complete));
      return textSource(path, count, { ...made, unknown: complete.unknown });
    },
  };
}

/** The line on which each of so many examples begins. */
async function linesOf(
  path: string,
  options: CompleteTextOptions,
  count: number,
): Promise<Uint32Array> {
  const all = new Uint32Array(count);
  let first = 0;
  for await (const { lines } of textExamples(path, options)) {
    all.set(lines.slice(0, count - first), first);
    first += lines.length;
  }
  return all;
}

function trainingExamples(
  path: string,
  options: CompleteTextOptions,
  train: Uint32Array | undefined,
): (take: (text: string) => void) => Promise<void> {
  return async (take) => {
    let index = 0;
    let next = 0;
    for await (const { texts } of textExamples(path, options)) {
      for (const text of texts) {
        if (!train || train[next] === index) {
          next++;
          take(text);
        }
        index++;
      }
    }
  };
}

function textSource(path: string, count: number, format: TextFormat): TextSource {
  const { length, unknown } = format;
  const tokenize = tokenizerOf(format);
  const scan: TextSource['scan'] = async (take) => {
    let first = 0;
    for await (const { texts, lines } of textExamples(path, format)) {
      const rows = new Uint16Array(texts.length * length).fill(END_TOKEN);
      texts.forEach((text, i) => {
        const tokens = tokenize(text);
        if (unknown === 'error' && tokens.includes(UNKNOWN_TOKEN)) {
          throw unknownCharacter(path, text, lines[i] ?? 0, format);
        }
        rows.set(tokens.length > length ? tokens.slice(0, length) : tokens, i * length);
      });
      if (texts.length > 0) await take(new Uint8Array(rows.buffer), first);
      first += texts.length;
    }
    if (first !== count) throw hasChanged(path, count, first);
  };
  return {
    where: path,
    shape: [length],
    count,
    valueType: 'uint16',
    labels: undefined,
    format,
    lines: (positions) => linesAt({ path, count, cut: format }, positions),
    scan,
    read: (target, positions) => readByScan({ scan }, 2 * length, target, positions),
  };
}

async function* linesAt(
  { path, count, cut }: { path: string; count: number; cut: CutOptions },
  positions: Uint32Array | undefined,
): AsyncGenerator<readonly number[], void> {
  let [first, next] = [0, 0];
  for await (const { lines } of textExamples(path, cut)) {
    const chosen = positions
      ? lines.filter((_, i) => positions[next] === first + i && ++next > 0)
      : lines;
    yield chosen;
    first += lines.length;
    if (next === positions?.length) return;
  }
  if (first !== count) throw hasChanged(path, count, first);
}

function noExamples(path: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where: path,
    expected: 'text with at least one line that is not empty',
    got: 'none',
    fix: 'Check that it is the right file.',
  });
}

function hasChanged(path: string, expected: number, got: number): DataError {
  return new DataError({
    code: 'DATA_COUNT_MISMATCH',
    where: path,
    expected: `${expected} examples, as when it was opened`,
    got: String(got),
    fix: 'Leave the file alone while it is read.',
  });
}

function unknownCharacter(path: string, text: string, line: number, format: TextFormat): DataError {
  const single = tokenizerOf({ unit: 'character', vocabulary: charactersOf(format) });
  const characters = Array.from(text);
  const at = characters.findIndex((each) => single(each).includes(UNKNOWN_TOKEN));
  const character = characters[at] ?? '';
  const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return new DataError({
    code: 'DATA_UNKNOWN_CHARACTER',
    where: `${path}, line ${line}`,
    expected: 'characters that the training text has',
    got: `"${character}" (U+${point}) after "${characters.slice(Math.max(0, at - 20), at).join('')}"`,
    fix: 'Correct the text, or take such characters as one unknown token (`--read unknown=replace`, or `unknown: "replace"` in the options).',
  });
}

const charactersOf = ({ vocabulary, merges = [] }: TextFormat): readonly string[] =>
  vocabulary.slice(0, vocabulary.length - merges.length);
