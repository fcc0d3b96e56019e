/**
 * A split in which each class has its share of every part: of n examples of a class, each part gets
 * the whole number below or above its share of n, by the method of the largest remainder. Where
 * remainders are equal, the part that has fallen behind in the classes before comes first, so that many
 * small classes add up to the shares. A class always has an example to train on: one of a single example
 * is in that part alone. Examples without a label (-1) are a class of their own.
 */
import { checkEnough, checkNoneEmpty, gatherParts, partNames, shareOf } from './parts.ts';
import type { Counts, PartName, Positions, Shares } from './parts.ts';
import { shuffled } from './shuffled.ts';

export function splitStratified(
  where: string,
  labels: Int32Array,
  shares: Shares,
  seed: number,
): Positions {
  const count = labels.length;
  checkEnough({ where, count }, 'examples', shares);
  const members = new Map<number, number[]>();
  for (const position of shuffled({ count, length: count, seed, epoch: 0 })) {
    const label = labels[position] ?? -1;
    const list = members.get(label);
    if (list) list.push(position);
    else members.set(label, [position]);
  }
  const partOf = new Uint8Array(count);
  let totals: Counts = { train: 0, validation: 0, test: 0 };
  for (const label of [...members.keys()].sort((a, b) => a - b)) {
    const positions = members.get(label) ?? [];
    const counts = apportion(positions.length, shares, totals);
    totals = add(totals, counts);
    const { validation, test } = counts;
    for (const [i, position] of positions.slice(0, test + validation).entries()) {
      partOf[position] = i < test ? 2 : 1;
    }
  }
  checkNoneEmpty(where, totals, shares);
  return gatherParts(partOf);
}

/** Shares are decimal fractions; their products are not exact in binary. */
const EPSILON = 1e-9;

/** How many of `n` examples of one class each part gets; `before`: what the classes before it gave. */
export function apportion(n: number, shares: Shares, before: Counts): Counts {
  const seen = partNames.reduce((sum, part) => sum + before[part], 0);
  const quotas = partNames.map((part) => {
    const quota = n * shareOf(shares, part);
    const whole = Math.floor(quota + EPSILON);
    const behind = (seen + n) * shareOf(shares, part) - before[part];
    return { part, whole, remainder: Math.max(0, quota - whole), behind };
  });
  let left = n - quotas.reduce((sum, { whole }) => sum + whole, 0);
  const counts: Record<PartName, number> = { train: 0, validation: 0, test: 0 };
  const byRemainder = quotas.toSorted((a, b) => {
    const difference = b.remainder - a.remainder;
    return Math.abs(difference) > EPSILON ? difference : b.behind - a.behind;
  });
  for (const { part, whole } of byRemainder) counts[part] = whole + (left-- > 0 ? 1 : 0);
  if (counts.train === 0) takeOne(counts);
  return counts;
}

function takeOne(counts: Record<PartName, number>): void {
  const from = counts.test >= counts.validation ? 'test' : 'validation';
  counts[from]--;
  counts.train++;
}

function add(a: Counts, b: Counts): Counts {
  return {
    train: a.train + b.train,
    validation: a.validation + b.validation,
    test: a.test + b.test,
  };
}
