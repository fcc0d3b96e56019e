import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.ts';
import { philox4x32, type PhiloxBlock } from './philox.ts';
import { shuffle } from './shuffle.ts';

function order(count: number, seed = 0, epoch = 0): number[] {
  return Array.from({ length: count }, (_, i) => i).map(shuffle({ count, seed, epoch }));
}

describe('shuffle', () => {
  it('is a bijection for any count, seed and epoch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (count, seed, epoch) => {
          const indices = order(count, seed, epoch).sort((a, b) => a - b);
          expect(indices).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 60_000, 65_536, 65_537])(
    'is a bijection on %d indices',
    (count) => {
      expect(new Set(order(count)).size).toBe(count);
    },
  );

  it.each([2 ** 31, 2 ** 31 - 1, 2 ** 30 + 1])('stays in range and injective for %d', (count) => {
    const at = shuffle({ count, seed: 1, epoch: 2 });
    const seen = new Set<number>();
    for (const start of [0, count - 500]) {
      for (let i = start; i < start + 500; i++) {
        const index = at(i);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(count);
        seen.add(index);
      }
    }
    expect(seen.size).toBe(1000);
  });

  it('is the documented network', () => {
    const [count, seed, epoch] = [50_000, 123, 9];
    const words: PhiloxBlock = [0, 0, 0, 0];
    const at = shuffle({ count, seed, epoch, stream: 4 });
    for (const position of [0, 1, 77, 49_999]) {
      let x = position;
      do {
        let [left, right] = [Math.floor(x / 256), x % 256];
        for (let round = 0; round < 8; round++) {
          philox4x32([right, round, epoch, 2 * 65536 + 4], [seed, 0], words);
          [left, right] = [right, left ^ (words[0] % 256)];
        }
        x = left * 256 + right;
      } while (x >= count);
      expect(at(position)).toBe(x);
    }
  });

  it('gives every order of four equally often (chi-squared, 23 degrees of freedom)', () => {
    const counts = new Map<string, number>();
    const draws = 24 * 400;
    for (let epoch = 0; epoch < draws; epoch++) {
      const key = order(4, 5, epoch).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    let chiSquared = 0;
    for (const n of counts.values()) chiSquared += (n - 400) ** 2 / 400;
    expect(chiSquared).toBeLessThan(58); // p = 1e-4
  });

  it('sends each position to each index equally often (chi-squared)', () => {
    const [count, epochs] = [10, 5000];
    const table = new Float64Array(count * count);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [i, index] of order(count, 2, epoch).entries()) table[i * count + index]! += 1;
    }
    const mean = epochs / count;
    const chiSquared = table.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
    expect(chiSquared).toBeLessThan(140); // 81 degrees of freedom, p = 5e-5
  });

  it('leaves about one fixed point and no visible correlation with the input order', () => {
    const count = 60_000;
    const indices = order(count, 3, 1);
    expect(indices.filter((index, i) => index === i).length).toBeLessThan(8);
    const middle = (count - 1) / 2;
    const variance = (count * count - 1) / 12;
    const covariance = indices.reduce((sum, x, i) => sum + (x - middle) * (i - middle), 0) / count;
    expect((Math.abs(covariance) / variance) * Math.sqrt(count)).toBeLessThan(5);
  });

  it.each([0, -1, 1.5, 2 ** 31 + 1, NaN])('refuses count %d', (count) => {
    expect(() => shuffle({ count, seed: 0, epoch: 0 })).toThrow(ModelError);
  });

  it('refuses positions outside the range', () => {
    const at = shuffle({ count: 3, seed: 0, epoch: 0 });
    expect(() => at(3)).toThrow(RangeError);
    expect(() => at(-1)).toThrow(RangeError);
  });
});
