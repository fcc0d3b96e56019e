/** A text file cut into examples: lines, or windows of so many characters, in the order of the file. */
import { DataError } from '../errors.ts';
import { textChunks } from './textChunks.ts';
import type { TextCut } from './textFormat.ts';
import { CUT_WINDOWS } from './textOptions.ts';

export interface CutOptions {
  readonly by: TextCut;
  readonly characters?: number;
  readonly keepEmpty: boolean;
}

/** Examples that follow each other. */
export interface TextBatch {
  readonly texts: readonly string[];
  /** The line that each begins in, from 1. */
  readonly lines: readonly number[];
}

/** Characters after which a line is refused rather than held in memory. */
const longestLine = 1 << 24;

/** All examples of a file. Throws DataError. */
export async function* textExamples(path: string, options: CutOptions): AsyncGenerator<TextBatch> {
  const cut = options.by === 'line' ? cutLines(path, options) : cutWindows(options.characters ?? 1);
  for await (const chunk of textChunks(path)) yield cut(chunk, false);
  yield cut('', true);
}

type Cut = (chunk: string, isLast: boolean) => TextBatch;

function cutLines(path: string, { characters, keepEmpty }: CutOptions): Cut {
  let rest = '';
  let line = 1;
  return (chunk, isLast) => {
    const batch: { texts: string[]; lines: number[] } = { texts: [], lines: [] };
    const take = (text: string): void => {
      if (keepEmpty || text.trim() !== '') {
        for (const piece of characters === undefined ? [text] : piecesOf(text, characters)) {
          batch.texts.push(piece);
          batch.lines.push(line);
        }
      }
      line++;
    };
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
    if (rest.length > longestLine) throw endlessLine(path, line);
    if (isLast && rest !== '') take(rest);
    return batch;
  };
}

function cutWindows(characters: number): Cut {
  let rest = '';
  let line = 1;
  return (chunk, isLast) => {
    const text = rest + chunk;
    if (text === '') return { texts: [], lines: [] };
    const texts = piecesOf(text, characters);
    // The last may be shorter only because the text has not come yet.
    rest = isLast ? '' : (texts.pop() ?? '');
    const lines = texts.map((text) => {
      const first = line;
      line += text.split('\n').length - 1;
      return first;
    });
    return { texts, lines };
  };
}

/** Pieces of so many characters (code points, not UTF-16 units); [''] of ''. */
function piecesOf(text: string, characters: number): string[] {
  if (text.length <= characters) return [text];
  const pieces: string[] = [];
  let start = 0;
  let count = 0;
  for (let at = 0; at < text.length;) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    if (++count === characters) {
      pieces.push(text.slice(start, at));
      [start, count] = [at, 0];
    }
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

function endlessLine(path: string, line: number): DataError {
  return new DataError({
    code: 'DATA_TEXT_LINE',
    where: `${path}, line ${line}`,
    expected: 'lines, each an example',
    got: `one of more than ${longestLine} characters`,
    fix: `${CUT_WINDOWS}.`,
  });
}
