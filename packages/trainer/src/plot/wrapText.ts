/** Titles in lines that are no wider than a plot. */

/** Vega without a canvas takes each letter to be this share of the font's size (vega-scenegraph, `estimateWidth`). */
const LETTER_WIDTH = 0.8;

/** Lines of at most `width` pixels, broken between words, and inside those that are longer than a line. */
export function wrapText(text: string, { width, fontSize }: TextSpace): string[] {
  const most = Math.max(1, Math.floor(width / (LETTER_WIDTH * fontSize)));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
    for (; line.length > most; line = line.slice(most)) lines.push(line.slice(0, most));
  }
  return [...lines, line];
}

export interface TextSpace {
  readonly width: number;
  readonly fontSize: number;
}
