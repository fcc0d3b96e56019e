/**
 * A split at random. Whoever comes first in the shuffle of the split's seed (epoch 0) is tested on, who
 * comes next is validated on, the others are trained on. So a split depends on the number of examples,
 * the shares and the seed only, and that without a validation part has the test part of one with it.
 */
import { shuffled } from './shuffled.ts';
import {
  checkEnough,
  gatherParts,
  wantedParts,
  type Counted,
  type Positions,
  type Shares,
} from './parts.ts';

export function splitAtRandom(counted: Counted, shares: Shares, seed: number): Positions {
  checkEnough(counted, 'examples', shares);
  const { count } = counted;
  const { validation, test } = countParts(count, shares);
  const partOf = new Uint8Array(count);
  const order = shuffled({ count, length: test + validation, seed, epoch: 0 });
  for (const [i, position] of order.entries()) partOf[position] = i < test ? 2 : 1;
  return gatherParts(partOf);
}

/** Each rounded to the nearest, but none of the parts that are wanted is left empty. */
function countParts(count: number, shares: Shares): { validation: number; test: number } {
  const others = wantedParts(shares).length - 1;
  const rounded = (share: number, most: number): number =>
    share === 0 ? 0 : Math.min(most, Math.max(1, Math.round(count * share)));
  const test = rounded(shares.test, count - others);
  return { test, validation: rounded(shares.validation, count - test - 1) };
}
