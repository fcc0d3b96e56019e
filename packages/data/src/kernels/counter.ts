/**
 * Where a random number lies: Philox key = (low 32 bits of seed, high 21 bits of seed), counter =
 * (block, example, epoch, purpose), purpose = kind * 65536 + stream. The same as core's
 * `random/counter.ts`.
 */

/** What random numbers are drawn for. The codes are part of the format: never renumber them. */
export const noiseKinds = { training: 3, evaluation: 4, sampling: 5 } as const;

export type NoiseKind = (typeof noiseKinds)[keyof typeof noiseKinds];

const shuffleKind = 2;
const binarizeKind = 7;
const augmentKind = 8;
const madeDataKind = 6;

export type PhiloxKey = readonly [low: number, high: number];

/** The key of a seed, a non-negative safe integer. */
export function seedKey(seed: number): PhiloxKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`The seed must be a non-negative safe integer, got ${seed}.`);
  }
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}

/** `stream`: the index of the noise array among the model's noise keys. */
export function noisePurpose(kind: NoiseKind, stream: number): number {
  return kind * 65536 + stream;
}

/** Of data that is made, not read: `stream` is the part. */
export function madeDataPurpose(stream: number): number {
  return madeDataKind * 65536 + stream;
}

/** `stream`: 0 for training data, 1 for test data, 2 for validation data. */
export function binarizePurpose(stream: number): number {
  return binarizeKind * 65536 + stream;
}

/** Of training data alone. */
export const augmentPurpose = augmentKind * 65536;

export const shufflePurpose = shuffleKind * 65536;
/** Within a window of data that is streamed, and of its blocks. */
export const windowPurpose = shuffleKind * 65536 + 1;
export const blockPurpose = shuffleKind * 65536 + 2;

/** Half the bits of the shuffle's Feistel network: the smallest h >= 1 with 4^h >= count. */
export function shuffleHalfBits(count: number): number {
  let half = 1;
  for (let size = 4; size < count; size *= 4) half++;
  return half;
}
