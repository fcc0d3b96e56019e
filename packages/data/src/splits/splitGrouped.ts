/**
 * A split that keeps groups together: all rows of a patient, a speaker or a user are in one part, so that
 * nothing of those tested on was trained on. Groups are taken from the largest to the smallest, among
 * equal ones in the shuffle of the split's seed, and each goes to the part that lacks most examples to
 * its share. So a part misses its share by less than the largest group.
 */
import { checkEnough, gatherParts, partNames, shareOf, wantedParts } from './parts.ts';
import type { PartName, Positions, Shares } from './parts.ts';
import { shuffled } from './shuffled.ts';

/** `groups`: whatever tells the group of each example. */
export function splitGrouped(
  where: string,
  groups: ArrayLike<number | string>,
  shares: Shares,
  seed: number,
): Positions {
  const sizes = new Map<number | string, number>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? '';
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  checkEnough({ where, count: sizes.size }, 'groups', shares);
  const parts = assignGroups(sizes, shares, seed);
  const partOf = Uint8Array.from({ length: groups.length }, (_, i) =>
    partNames.indexOf(parts.get(groups[i] ?? '') ?? 'train'),
  );
  return gatherParts(partOf);
}

function assignGroups(
  sizes: ReadonlyMap<number | string, number>,
  shares: Shares,
  seed: number,
): Map<number | string, PartName> {
  const names = [...sizes.keys()];
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const sizeOf = (name: number | string): number => sizes.get(name) ?? 0;
  const order = shuffled({ count: names.length, length: names.length, seed, epoch: 0 });
  const bySize = Array.from(order, (i) => names[i] ?? '').sort((a, b) => sizeOf(b) - sizeOf(a));
  const lacking = new Map(
    wantedParts(shares).map((part) => [part, { rows: total * shareOf(shares, part), groups: 0 }]),
  );
  const assigned = new Map<number | string, PartName>();
  for (const [i, name] of bySize.entries()) {
    const empty = [...lacking].filter(([, { groups }]) => groups === 0);
    // The last groups are for parts that would have none.
    const candidates = empty.length >= bySize.length - i ? empty : [...lacking];
    const [part, lack] = candidates.reduce((a, b) => (b[1].rows > a[1].rows ? b : a));
    lack.rows -= sizeOf(name);
    lack.groups++;
    assigned.set(name, part);
  }
  return assigned;
}
