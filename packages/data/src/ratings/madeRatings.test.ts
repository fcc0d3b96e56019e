import { expect, it, describe } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { madeAffinities, openMadeRatings } from './madeRatings.ts';
import { rowItems, sparseRows } from './sparseRows.ts';
import { splitItems } from './splitItems.ts';

const test = openMadeRatings('test');
const rows = await test.ratings.read();
const sizes = test.users.map((_, row) => rowItems(rows, row).length);

describe('made ratings', () => {
  // Their identity: figures measured on other ratings do not compare.
  it('are the same everywhere', () => {
    expect([test.count, test.shape, rows.places.length]).toEqual([2000, [1000], 53_624]);
    expect([...rowItems(rows, 0)].slice(0, 5)).toEqual([0, 21, 22, 37, 46]);
  });

  it('have from 10 to 60 items a user, and prefer what she likes', () => {
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([10, 60]);
    const users = 50;
    let [worth, all] = [0, 0];
    madeAffinities('test', 0, users).forEach((values, user) => {
      const own = rowItems(rows, user);
      worth += own.reduce((sum, item) => sum + (values[item] ?? 0), 0) / own.length;
      all += values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    expect(worth / users).toBeGreaterThan(all / users + 2);
  });
});

describe('splitItems', () => {
  const { foldIn, heldOut } = splitItems(rows);

  it('holds out a fifth of each user, and loses nothing', () => {
    for (const [row, size] of sizes.entries()) {
      const [shown, held] = [rowItems(foldIn, row), rowItems(heldOut, row)];
      expect(held.length).toBe(Math.floor(size / 5));
      expect([...shown, ...held].toSorted((a, b) => a - b)).toEqual([...rowItems(rows, row)]);
    }
  });

  it('is the same for the same seed, and for users by themselves', async () => {
    expect(splitItems(rows).heldOut).toEqual(heldOut);
    expect(splitItems(rows, { seed: 1 }).heldOut.places).not.toEqual(heldOut.places);
    const items = rowItems(rows, 0);
    const alone = sparseRows(1, {
      rows: new Uint32Array(items.length),
      places: items,
      weights: new Float32Array(items.length),
    });
    expect([...splitItems(alone).heldOut.places]).toEqual([...rowItems(heldOut, 0)]);
    const from7 = await test.ratings.read(Uint32Array.of(7, 8));
    const later = splitItems(from7, { first: 7 }).heldOut;
    expect([...rowItems(later, 1)]).toEqual([...rowItems(heldOut, 8)]);
  });

  it('leaves a single item where it is', () => {
    const one = sparseRows(2, {
      rows: Uint32Array.of(0, 1, 1),
      places: Uint32Array.of(3, 1, 2),
      weights: Float32Array.of(1, 1, 1),
    });
    const split = splitItems(one, { share: 0.01 });
    expect([...split.heldOut.offsets]).toEqual([0, 0, 1]);
    expect([...split.foldIn.offsets]).toEqual([0, 1, 2]);
  });

  it.each([0, 1, NaN])('refuses a share of %d', async (share) => {
    await expectDataError(() => splitItems(rows, { share }), 'DATA_OPTION', 'share');
  });
});
