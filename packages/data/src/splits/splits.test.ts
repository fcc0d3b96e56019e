import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { partNames, shareOf, wantedParts, type Positions, type Shares } from './parts.ts';
import { shuffled } from './shuffled.ts';
import { splitAtRandom } from './splitAtRandom.ts';
import { splitGrouped } from './splitGrouped.ts';
import { apportion, splitStratified } from './splitStratified.ts';
import { tooSmallClasses } from './tooSmallClasses.ts';

const share = fc.double({ min: 0.01, max: 0.45, noNaN: true });
const shares = fc.record({ validation: fc.oneof(fc.constant(0), share), test: share });
const seed = fc.nat();

/** Every position once, ascending in each part; only the parts that were asked for have any. */
function expectPartition(parts: Positions, count: number, wanted: Shares): void {
  const all = partNames.flatMap((part) => [...parts[part]]);
  expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  for (const part of partNames) {
    expect(parts[part]).toEqual(parts[part].slice().sort());
    expect(parts[part].length > 0).toBe(wantedParts(wanted).includes(part));
  }
}

describe('splitAtRandom', () => {
  it('puts every example into exactly one part, of the size that was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 2000 }), shares, seed, (count, wanted, of) => {
        const parts = splitAtRandom({ where: 'here', count }, wanted, of);
        expectPartition(parts, count, wanted);
        for (const part of partNames) {
          expect(Math.abs(parts[part].length - count * shareOf(wanted, part))).toBeLessThan(2.001);
        }
        expect(splitAtRandom({ where: 'here', count }, wanted, of)).toEqual(parts);
      }),
    );
  });

  it('tests on the same examples with and without a validation part, as ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 2000 }), share, share, (count, validation, test) => {
        const three = splitAtRandom({ where: 'here', count }, { validation, test }, 0);
        const two = splitAtRandom({ where: 'here', count }, { validation: 0, test }, 0);
        expect(three.test).toEqual(two.test);
        const length = Math.round(count * test);
        const first = shuffled({ count, length: Math.max(1, length), seed: 0, epoch: 0 });
        expect(two.test).toEqual(first.sort());
      }),
    );
  });

  it('is another one with another seed', () => {
    const wanted = { validation: 0.1, test: 0.1 };
    const [a, b] = [0, 1].map((of) => splitAtRandom({ where: 'here', count: 1000 }, wanted, of));
    expect(a?.test).not.toEqual(b?.test);
    expect(a?.validation).not.toEqual(b?.validation);
  });

  it('is no stretch of neighbours', () => {
    const { test } = splitAtRandom({ where: 'here', count: 1000 }, { validation: 0, test: 0.1 }, 0);
    expect(test.length).toBe(100);
    expect((test.at(-1) ?? 0) - (test[0] ?? 0)).toBeGreaterThan(800);
  });

  it('needs an example for each part', async () => {
    const wanted = { validation: 0.1, test: 0.1 };
    await expectDataError(
      () => splitAtRandom({ where: 'a.npy', count: 2 }, wanted, 0),
      'DATA_EMPTY_PART',
      'a.npy',
      '3',
    );
  });
});

describe('splitStratified', () => {
  const labels = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 30, maxLength: 300 });

  it('gives each part of each class the number below or above its share', () => {
    fc.assert(
      fc.property(labels, shares, seed, (list, wanted, of) => {
        const all = Int32Array.from(list);
        let parts: Positions;
        try {
          parts = splitStratified('here', all, wanted, of);
        } catch {
          return fc.pre(false); // too small a share of too few
        }
        expectPartition(parts, all.length, wanted);
        for (const label of new Set(list)) {
          const n = list.filter((each) => each === label).length;
          for (const part of partNames) {
            const got = [...parts[part]].filter((position) => all[position] === label).length;
            const quota = n * shareOf(wanted, part);
            // One more than the number above where there was none to train on.
            const slack = n * shareOf(wanted, 'train') < 1 ? 1 : 0;
            expect(got).toBeGreaterThanOrEqual(Math.floor(quota + 1e-9) - slack);
            expect(got).toBeLessThanOrEqual(Math.ceil(quota - 1e-9) + slack);
          }
          expect([...parts.train].some((position) => all[position] === label)).toBe(true);
        }
      }),
    );
  });

  it('adds up to the shares over many small classes', () => {
    // 5 of each of 100 classes: a tenth is half an example.
    const all = Int32Array.from({ length: 500 }, (_, i) => i % 100);
    const { train, validation, test } = splitStratified(
      'here',
      all,
      { validation: 0.1, test: 0.1 },
      0,
    );
    expect([train.length, validation.length, test.length]).toEqual([400, 50, 50]);
  });

  it('trains on the only example of a class', () => {
    const none = { train: 0, validation: 0, test: 0 };
    expect(apportion(1, { validation: 0.3, test: 0.5 }, none)).toEqual({ ...none, train: 1 });
    expect(apportion(10, { validation: 0.2, test: 0.1 }, none)).toEqual({
      train: 7,
      validation: 2,
      test: 1,
    });
  });

  it('says so where a part would be empty', async () => {
    const all = Int32Array.from({ length: 20 }, (_, i) => i);
    await expectDataError(
      () => splitStratified('a.csv', all, { validation: 0, test: 0.1 }, 0),
      'DATA_EMPTY_PART',
      'test part',
      'too small',
    );
  });
});

describe('classes that a stratified split cannot give to each part', () => {
  const noted = (list: readonly number[], wanted: Shares, classNames?: readonly string[]) => {
    const labels = Int32Array.from(list);
    const positions = splitStratified('here', labels, wanted, 0);
    return tooSmallClasses({ labels, classNames }, positions, wanted);
  };
  const many = Array.from({ length: 60 }, (_, i) => i % 2);

  it('are named, with the parts that lack them', () => {
    const names = ['fine', 'odd', 'fraud'];
    expect(noted([...many, 2], { validation: 0, test: 0.1 }, names)).toBe(
      'Split: 1 class has too few examples for every part: "fraud" (of 1 none in test). ' +
        'Scores of a part do not tell of classes that it lacks.',
    );
    expect(noted([...many, 2, 3], { validation: 0.1, test: 0.1 })).toContain(
      '2 classes have too few examples for every part: 2 (of 1 none in validation and test), 3 (of 1 ',
    );
  });

  it('are none where each part has all, and none are examples without a label', () => {
    expect(noted(many, { validation: 0.1, test: 0.1 })).toBeUndefined();
    expect(noted([...many, -1], { validation: 0.1, test: 0.1 })).toBeUndefined();
  });

  it('are not all named where they are many', () => {
    const text = noted([...many, 2, 3, 4, 5, 6, 7, 8], { validation: 0, test: 0.1 });
    expect(text).toMatch(/7 classes have .* 6 \(of 1 none in test\), \.\.\.\. Scores/);
  });
});

describe('splitGrouped', () => {
  const groups = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 300 });

  it('keeps groups together, near the shares', () => {
    fc.assert(
      fc.property(groups, shares, seed, (list, wanted, of) => {
        fc.pre(new Set(list).size >= 3);
        const parts = splitGrouped('here', list, wanted, of);
        expectPartition(parts, list.length, wanted);
        const partsOf = new Map<number, Set<string>>();
        for (const part of partNames) {
          for (const position of parts[part]) {
            const group = list[position] ?? -1;
            partsOf.set(group, (partsOf.get(group) ?? new Set()).add(part));
          }
        }
        expect([...partsOf.values()].every((set) => set.size === 1)).toBe(true);
      }),
    );
  });

  it('misses no share by more than a group where groups are many', () => {
    const list = Array.from({ length: 1000 }, (_, i) => `speaker ${Math.floor(i / 10)}`);
    const { train, validation, test } = splitGrouped(
      'here',
      list,
      { validation: 0.1, test: 0.2 },
      3,
    );
    expect([train.length, validation.length, test.length]).toEqual([700, 100, 200]);
    const again = splitGrouped('here', list, { validation: 0.1, test: 0.2 }, 4);
    expect(again.test).not.toEqual(test);
  });

  it('needs a group for each part', async () => {
    await expectDataError(
      () => splitGrouped('a.csv', ['a', 'b', 'a'], { validation: 0.2, test: 0.2 }, 0),
      'DATA_EMPTY_PART',
      '3 groups',
      'got 2',
    );
  });
});
