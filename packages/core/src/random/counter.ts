/**
 * Which random numbers belong to what. Every draw is a function of its position; nothing is stored,
 * so nothing needs saving and the order of drawing does not matter.
 *
 *   key     = (low 32 bits of seed, high 21 bits of seed)
 *   counter = (block, example, epoch, purpose)              four u32
 *   purpose = kind * 65536 + stream
 *
 * `block` counts groups of four values within one array: value i is lane i % 4 of block i >> 2.
 */
import { ModelError } from '../errors.ts';
import type { PhiloxKey } from './philox.ts';

/** What random numbers are drawn for. The codes are part of the format: never renumber them. */
export const purposeKinds = {
  /** Initial parameters: stream = the parameter's index, example = epoch = 0. */
  init: 1,
  /** The order of examples in an epoch. */
  shuffle: 2,
  /** Noise of a training step: stream = index of the noise array among the model's `noise` keys. */
  trainNoise: 3,
  /** Noise of an evaluation, with epoch = 0: every evaluation sees the same noise. */
  evalNoise: 4,
  /** Pictures and the `sample` function. */
  sampling: 5,
  /** Data that is made, not read. */
  madeData: 6,
  /**
   * Grey values made black or white: stream 0 in training data, 1 in test data. Epoch 0 is drawn once,
   * for all epochs and for evaluation; epoch e + 1 anew for epoch e of training.
   */
  binarize: 7,
  /** Training images moved and flipped, in each epoch anew. */
  augment: 8,
} as const;

export type PurposeKind = keyof typeof purposeKinds;

/** Where in the space of random numbers an array of one example lies. */
export interface RandomPosition {
  /** Non-negative safe integer. */
  readonly seed: number;
  readonly kind: PurposeKind;
  /** 0 ... 65535. */
  readonly stream: number;
  /** u32. */
  readonly epoch: number;
  /** u32. */
  readonly example: number;
}

const STREAMS = 65536;
const WORD_LIMIT = 4294967296; // 2^32

function requireInteger(where: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new ModelError({
      code: 'MODEL_RANDOM_POSITION',
      where: `random position, ${where}`,
      expected: `an integer from 0 to ${String(limit - 1)}`,
      got: String(value),
      fix: `Pass a ${where} in that range.`,
    });
  }
}

/** Splits a seed into Philox's key. Throws MODEL_RANDOM_POSITION. */
export function seedKey(seed: number): PhiloxKey {
  requireInteger('seed', seed, Number.MAX_SAFE_INTEGER + 1);
  return [seed >>> 0, Math.floor(seed / WORD_LIMIT)];
}

/** The counter's fourth word. Throws MODEL_RANDOM_POSITION. */
export function purposeCode(kind: PurposeKind, stream: number): number {
  requireInteger('stream', stream, STREAMS);
  return purposeKinds[kind] * STREAMS + stream;
}

/** Checks that a counter word is a u32. Throws MODEL_RANDOM_POSITION. */
export function counterWord(where: 'epoch' | 'example', value: number): number {
  requireInteger(where, value, WORD_LIMIT);
  return value;
}
