import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';

function philox(counter: Readonly<PhiloxBlock>, key: PhiloxKey): PhiloxBlock {
  const out: PhiloxBlock = [0, 0, 0, 0];
  philox4x32(counter, key, out);
  return out;
}

/** The same rounds written with BigInt, straight from the paper. */
function philoxBigInt(counter: Readonly<PhiloxBlock>, key: PhiloxKey): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * a;
    const p1 = 0xcd9e8d57n * c;
    [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [a, b, c, d].map(Number);
}

describe('philox4x32', () => {
  // Random123's tests/kat_vectors, "philox4x32 10".
  it.each([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] satisfies { counter: PhiloxBlock; key: [number, number]; expected: number[] }[])(
    'agrees with the published known-answer vector for $counter',
    ({ counter, key, expected }) => {
      expect(philox(counter, key)).toEqual(expected);
    },
  );

  it('agrees with exact integer arithmetic for any counter and key', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        expect(philox(counter, key)).toEqual(philoxBigInt(counter, key));
      }),
      { numRuns: 500 },
    );
  });

  it('may write over its counter', () => {
    const block: PhiloxBlock = [1, 2, 3, 4];
    philox4x32(block, [5, 6], block);
    expect(block).toEqual(philox([1, 2, 3, 4], [5, 6]));
  });
});
