/** The first rows of a file as strings, for guessing: RFC 4180, forgiving. */
export interface SplitRow {
  readonly fields: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Where the next row begins, in characters. */
  readonly next: number;
  /** A quote in it is not closed. */
  readonly isOpen: boolean;
}

/**
 * Up to `most` rows. A last one that does not end in a line feed is left out, unless `isAll`. Empty lines
 * are passed over.
 */
export function splitRows(
  text: string,
  delimiter: string,
  most: number,
  isAll: boolean,
): SplitRow[] {
  const rows: SplitRow[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length && rows.length < most) {
    const blank = /^\r?\n/.exec(text.slice(at, at + 2));
    if (blank) {
      at += blank[0].length;
      line++;
      continue;
    }
    const feed = text.indexOf('\n', at);
    const whole = text.slice(at, feed < 0 ? text.length : feed);
    // Most rows have no quotes, and are split at once.
    if (!whole.includes('"') && delimiter !== ' ') {
      if (feed < 0 && !isAll) break;
      const next = feed < 0 ? text.length : feed + 1;
      const fields = whole.split(delimiter).map((field) => field.trim());
      rows.push({ fields, line: line++, next, isOpen: false });
      at = next;
      continue;
    }
    const row = splitRow(text, at, delimiter);
    if (!row.isWhole && !isAll) break;
    rows.push({ fields: row.fields, line, next: row.next, isOpen: row.isOpen });
    line += text.slice(at, row.next).split('\n').length - 1;
    at = row.next;
  }
  return rows;
}

function splitRow(
  text: string,
  from: number,
  delimiter: string,
): {
  readonly fields: string[];
  readonly next: number;
  readonly isWhole: boolean;
  readonly isOpen: boolean;
} {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    let field = '';
    while (text[at] === ' ' && delimiter !== ' ') at++;
    if (text[at] === '"') {
      for (;;) {
        const close = text.indexOf('"', at + 1);
        if (close < 0) {
          return {
            fields: [...fields, text.slice(at + 1)],
            next: text.length,
            isWhole: false,
            isOpen: true,
          };
        }
        field += text.slice(at + 1, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
    }
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
    fields.push((field + text.slice(start, at)).trim());
    if (text[at] !== delimiter) break;
    at++;
  }
  return { fields, next: Math.min(at + 1, text.length), isWhole: at < text.length, isOpen: false };
}
