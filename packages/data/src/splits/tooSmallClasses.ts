/** What a stratified split could not do: classes with too few examples for every part to have one. */
import { partNames, wantedParts, type PartName, type Positions, type Shares } from './parts.ts';

export interface SplitClasses {
  /** One an example, -1 where it is not known. */
  readonly labels: Int32Array;
  readonly classNames?: readonly string[] | undefined;
}

/** Classes named at most. */
const MOST_NAMED = 5;

/** A sentence where a part lacks a class, else undefined. */
export function tooSmallClasses(
  { labels, classNames }: SplitClasses,
  positions: Positions,
  shares: Shares,
): string | undefined {
  const counts = new Map<number, Record<PartName, number>>();
  for (const part of partNames) {
    for (const position of positions[part]) {
      const label = labels[position] ?? -1;
      if (label < 0) continue;
      const of = counts.get(label) ?? { train: 0, validation: 0, test: 0 };
      of[part]++;
      counts.set(label, of);
    }
  }
  const texts = [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([label, of]) => {
      const without = wantedParts(shares).filter((part) => of[part] === 0);
      if (without.length === 0) return [];
      const all = partNames.reduce((sum, part) => sum + of[part], 0);
      const name = classNames?.[label];
      const shown = name === undefined ? `${label}` : JSON.stringify(name);
      return [`${shown} (of ${all} none in ${without.join(' and ')})`];
    });
  if (texts.length === 0) return undefined;
  const more = texts.length > MOST_NAMED ? ', ...' : '';
  const what = texts.length === 1 ? '1 class has' : `${texts.length} classes have`;
  return `Split: ${what} too few examples for every part: ${texts.slice(0, MOST_NAMED).join(', ')}${more}. Scores of a part do not tell of classes that it lacks.`;
}
