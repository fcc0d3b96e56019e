import { distance } from 'fastest-levenshtein';

/** The name a person most likely meant: close in spelling, whatever its case and hyphens. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '');
  let closest: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(plain(name), plain(candidate));
    const nothingInCommon = edits >= Math.max(name.length, candidate.length);
    if (edits < least && !nothingInCommon) [closest, least] = [candidate, edits];
  }
  return closest;
}

/** `Did you mean "adam"?`, or else what can be chosen. */
export function suggestion(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined
    ? `Choose one of ${known.join(', ')}.`
    : `Did you mean "${closest}"?`;
}
