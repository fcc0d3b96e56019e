/**
 * The order of examples: a bijection on [0, n), evaluated one index at a time, so that no
 * permutation is ever stored and any worker can ask for any position.
 *
 * A balanced Feistel network permutes [0, 4^h), where h is the smallest integer >= 1 with 4^h >= n.
 * Cycle walking cuts it down to [0, n): apply the network again until the result is below n
 * (Black, Rogaway: "Ciphers with Arbitrary Finite Domains", 2002, section 5; fewer than four
 * applications on average).
 *
 * The network, on x of 2h bits, all values u32:
 *   left = x >>> h;  right = x & (2^h - 1)
 *   for round = 0 .. 7:
 *     word = lane 0 of philox4x32(counter = (right, round, epoch, purpose), key)
 *     (left, right) = (right, left ^ (word & (2^h - 1)))
 *   x = (left << h) | right
 * with key = seedKey(seed), purpose = purposeCode('shuffle', stream). So `block` holds the right half
 * and `example` the round.
 */
import { ModelError } from '../errors.ts';
import { counterWord, purposeCode, seedKey } from './counter.ts';
import { philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';

const ROUNDS = 8;
const MAX_COUNT = 2147483648; // 2^31

export interface ShuffleOptions {
  /** Number of indices: 1 ... 2^31. */
  readonly count: number;
  readonly seed: number;
  readonly epoch: number;
  /** Default 0. */
  readonly stream?: number;
}

function halfBits(count: number): number {
  let half = 1;
  for (let size = 4; size < count; size *= 4) half++;
  return half;
}

function feistel(x: number, half: number, counter: PhiloxBlock, key: PhiloxKey): number {
  const mask = (1 << half) - 1;
  const words: PhiloxBlock = [0, 0, 0, 0];
  let left = x >>> half;
  let right = x & mask;
  for (let round = 0; round < ROUNDS; round++) {
    counter[0] = right;
    counter[1] = round;
    philox4x32(counter, key, words);
    const next = left ^ (words[0] & mask);
    left = right;
    right = next;
  }
  return ((left << half) | right) >>> 0;
}

/**
 * Returns the epoch's order as a function: position in the epoch -> index of the example, both in
 * [0, count). Throws MODEL_SHUFFLE_COUNT, MODEL_RANDOM_POSITION.
 */
export function shuffle(options: ShuffleOptions): (position: number) => number {
  const { count } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new ModelError({
      code: 'MODEL_SHUFFLE_COUNT',
      where: 'shuffle, count',
      expected: 'an integer from 1 to 2^31',
      got: String(count),
      fix: 'Shuffle at least one and at most 2^31 examples.',
    });
  }
  const key = seedKey(options.seed);
  const half = halfBits(count);
  const counter: PhiloxBlock = [
    0,
    0,
    counterWord('epoch', options.epoch),
    purposeCode('shuffle', options.stream ?? 0),
  ];
  return (position) => {
    if (!Number.isInteger(position) || position < 0 || position >= count) {
      throw new RangeError(`Position ${String(position)} is outside [0, ${String(count)}).`);
    }
    let index = position;
    do index = feistel(index, half, counter, key);
    while (index >= count);
    return index;
  };
}
