/** Which characters occur how often, and which of them a vocabulary takes. */

/** Counts by code point, added to. */
export function countCharacters(text: string, counts: Map<number, number>): void {
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xffff) at++;
    counts.set(point, (counts.get(point) ?? 0) + 1);
  }
}

/** The most frequent, `most` at most, in the order of their code points; of equals the lower ones. */
export function commonCharacters(counts: ReadonlyMap<number, number>, most: number): string[] {
  return Array.from(counts)
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a - b)
    .slice(0, most)
    .map(([point]) => point)
    .sort((a, b) => a - b)
    .map((point) => String.fromCodePoint(point));
}

/** Number of characters (code points). */
export function characterCount(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const before = text.charCodeAt(i - 1);
    if (unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff) count--;
  }
  return count;
}
