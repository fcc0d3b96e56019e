/** How to read text. Checked before any file is opened. */
import { DataError } from '../errors.ts';
import type { TextCut, TextFormat, TextUnit, UnknownPolicy } from './textFormat.ts';

export interface TextOptions {
  /** Default `line`. */
  readonly by?: TextCut;
  /** Characters of a window, default 128; or those after which a line goes on in a further example. */
  readonly characters?: number;
  /** Most tokens of an example; what is longer is cut. Default: the longest example's, up to 256. */
  readonly tokens?: number;
  /** Default `character`. */
  readonly unit?: TextUnit;
  /** Most tokens of the vocabulary. Default: 4096 characters, or 1024 byte pairs. */
  readonly vocabularySize?: number;
  /** Characters that the training part does not have: a token of their own (default), or an error. */
  readonly unknown?: UnknownPolicy;
  /** Take lines of nothing but white space too. Default false. */
  readonly keepEmpty?: boolean;
}

/** What to do about lines that make no examples, for messages. */
export const CUT_WINDOWS =
  'Cut the text into windows instead of lines (`--read by=window`, or `by: "window"` in the options)';

/** The options with everything decided that needs no data. */
export interface CompleteTextOptions extends TextOptions {
  readonly by: TextCut;
  readonly unit: TextUnit;
  readonly vocabularySize: number;
  readonly unknown: UnknownPolicy;
  readonly keepEmpty: boolean;
}

const defaultWindow = 128;
const defaultVocabulary = { character: 4096, 'byte-pair': 1024 } as const;
/** Tokens are stored as uint16. */
const maxVocabulary = 65536;
/** End, unknown and two characters, less than which is no text. */
const minVocabulary = 4;
const maxTokens = 65536;

/** Most tokens of an example where the user does not say. */
export const defaultMostTokens = 256;

/** Throws DATA_OPTION. */
export function completeTextOptions(options: TextOptions): CompleteTextOptions {
  const { by = 'line', unit = 'character', unknown = 'replace', keepEmpty = false } = options;
  requireOneOf('by', by, ['line', 'window']);
  requireOneOf('unit', unit, ['character', 'byte-pair']);
  requireOneOf('unknown', unknown, ['replace', 'error']);
  const { vocabularySize = defaultVocabulary[unit] } = options;
  const { characters = by === 'window' ? defaultWindow : undefined } = options;
  requireInteger('vocabularySize', vocabularySize, minVocabulary, maxVocabulary);
  if (characters !== undefined) requireInteger('characters', characters, 2, maxTokens);
  if (options.tokens !== undefined) requireInteger('tokens', options.tokens, 2, maxTokens);
  return {
    ...options,
    by,
    unit,
    unknown,
    keepEmpty,
    vocabularySize,
    ...(characters !== undefined && { characters }),
  };
}

/** Those of a format that exists already, so that other text is cut alike. */
export function optionsOfFormat(format: TextFormat, { unknown }: TextOptions): CompleteTextOptions {
  const { by, unit, keepEmpty, length, characters } = format;
  return completeTextOptions({
    by,
    unit,
    keepEmpty,
    tokens: length,
    unknown: unknown ?? format.unknown,
    ...(characters !== undefined && { characters }),
  });
}

function requireOneOf(option: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw optionError(option, allowed.map((each) => `"${each}"`).join(' or '), JSON.stringify(value));
}

function requireInteger(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw optionError(option, `a whole number from ${least} to ${most}`, String(value));
}

function optionError(option: string, expected: string, got: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: `text, ${option}`,
    expected,
    got,
    fix: 'Correct it, or leave it out for the default.',
  });
}
