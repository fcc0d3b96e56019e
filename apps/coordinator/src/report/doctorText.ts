/** What `lockstep doctor` found, for people. */
import { renderTable } from './table.ts';

export interface Check {
  readonly name: string;
  readonly works: boolean;
  /** Version or figures where it works, the reason where it does not. */
  readonly detail: string;
  /** What to do about it, where that is known. */
  readonly fix?: string;
}

/** Narrower, a wrapped column is harder to read than a line that the terminal wraps. */
const NARROWEST_DETAIL = 30;

/** `columns` is the terminal's width; nothing is wrapped where there is none. */
export function doctorText(checks: readonly Check[], columns?: number): string {
  const longest = Math.max(...checks.map(({ name }) => name.length));
  const indent = '  ok  '.length + longest + '  '.length;
  const room = columns === undefined ? Infinity : Math.max(NARROWEST_DETAIL, columns - indent);
  return renderTable(
    checks.map(({ name, works, detail, fix }) => [
      works ? 'ok' : 'NO',
      name,
      [detail, ...(fix === undefined ? [] : [fix])]
        .flatMap((text) => text.split('\n'))
        .flatMap((line) => wrap(line, room))
        .join('\n'),
    ]),
  );
}

/** Lines of at most `room` characters, except where one word is longer. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
