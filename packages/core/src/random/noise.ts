/** Fills arrays with the random values of a position. Order of operations: normal.ts, counter.ts. */
import { counterWord, purposeCode, seedKey, type RandomPosition } from './counter.ts';
import { normalPairFromWords, uniformFromWord } from './normal.ts';
import { philox4x32, type PhiloxBlock } from './philox.ts';

export type NoiseDistribution = 'normal' | 'uniform';

function writeUniform(words: Readonly<PhiloxBlock>, out: Float32Array, at: number): void {
  for (let lane = 0; lane < 4; lane++) out[at + lane] = uniformFromWord(words[lane] ?? 0);
}

function writeNormal(words: Readonly<PhiloxBlock>, out: Float32Array, at: number): void {
  normalPairFromWords(words[0], words[1], out, at);
  normalPairFromWords(words[2], words[3], out, at + 2);
}

/**
 * Fills `out` with one example's noise at `position`: N(0, 1) or U(0, 1). For a batch, call it once
 * per example with `out.subarray(i * length, (i + 1) * length)`. Throws MODEL_RANDOM_POSITION.
 */
export function fillNoise(
  out: Float32Array,
  distribution: NoiseDistribution,
  position: RandomPosition,
): void {
  const key = seedKey(position.seed);
  const counter: PhiloxBlock = [
    0,
    counterWord('example', position.example),
    counterWord('epoch', position.epoch),
    purposeCode(position.kind, position.stream),
  ];
  const words: PhiloxBlock = [0, 0, 0, 0];
  const write = distribution === 'normal' ? writeNormal : writeUniform;

  const wholeBlocks = out.length >>> 2;
  for (let block = 0; block < wholeBlocks; block++) {
    counter[0] = block;
    philox4x32(counter, key, words);
    write(words, out, block * 4);
  }
  const rest = out.length - wholeBlocks * 4;
  if (rest > 0) {
    counter[0] = wholeBlocks;
    philox4x32(counter, key, words);
    const last = new Float32Array(4);
    write(words, last, 0);
    out.set(last.subarray(0, rest), wholeBlocks * 4);
  }
}
