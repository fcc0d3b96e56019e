export { textCodec } from './textCodec.ts';
export type { TextCodec } from './textCodec.ts';
export { characterCount } from './characterCounts.ts';
export { END_TOKEN, UNKNOWN_TEXT, UNKNOWN_TOKEN } from './textFormat.ts';
export type { TextCut, TextFormat, TextUnit, UnknownPolicy } from './textFormat.ts';
export { openText } from './openText.ts';
export type { OpenedText, OpenTextOptions, TextSource } from './openText.ts';
export type { TextOptions } from './textOptions.ts';
