/** Ratings that are more than the memory limit: the very examples that they are in memory. */
import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stagingBytesPerWorker } from '../batch/staging.ts';
import type { Dataset } from '../dataset.ts';
import { openData } from '../openData.ts';
import { makeSplit } from '../splits/makeSplit.ts';
import { entriesOf } from '../storedRatings.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import {
  fillInThreads,
  positionsOf,
  spec,
  startFilling,
  STEP,
} from '../testing/streamedBatches.ts';
import { sparseViews, storedBytes } from '../valueType.ts';
import { openRatings, type OpenRatingsOptions, type RatingsSource } from './openRatings.ts';
import { splitItems } from './splitItems.ts';
import { rowPieces } from './userRows.ts';

/** Of small steps that reach everywhere: a hash (Knuth, multiplicative) of a number. */
const mixed = (n: number): number => ((n * 2654435761) >>> 8) % 65536;

const ITEMS = 90;

/** Ratings of users in no order, some of them given twice; a user has from 1 to 30. */
function linesOf(users: number): string[] {
  const lines = ['user,item,rating'];
  for (let turn = 0; turn < 30; turn++) {
    for (let i = 0; i < users; i++) {
      const user = mixed(i + 1) % users;
      if (turn > mixed(user + 5) % 30) continue;
      const item = mixed(user * 31 + turn * 7) % ITEMS;
      lines.push(`u${user},i${item},${(mixed(turn + user) % 5) + 1}`);
    }
  }
  return lines;
}

async function file(users = 300): Promise<string> {
  return write(await temporaryFolder(), 'ratings.csv', Buffer.from(linesOf(users).join('\n')));
}

async function open(options: OpenRatingsOptions, share?: number): Promise<RatingsSource> {
  const opened = await openRatings(await file(), options);
  onTestFinished(() => opened.close());
  const shares = { validation: 0, test: share ?? 0 };
  const parts = share === undefined ? undefined : await makeSplit(opened, shares, { split: 'random', seed: 3 }); // prettier-ignore
  return opened.fit(parts?.train);
}

async function read(source: RatingsSource, positions: Uint32Array | undefined) {
  const count = positions?.length ?? source.count;
  const info = { count, entries: entriesOf(source.ratings, positions) };
  const bytes = new Uint8Array(storedBytes({ ...info, shape: [], valueType: 'sparse' }));
  await source.read(bytes, positions);
  return sparseViews(bytes.buffer, 0, info);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('grouped on disk', () => {
  it.each<[string, OpenRatingsOptions, number | undefined]>([
    ['as they are', {}, undefined],
    ['without low ones and few ones', { threshold: 3, leastRatings: 8, leastUsers: 10 }, 0.4],
    ['as weights', { weights: 'rating', leastRatings: 1 }, 0.1],
  ])('they are the users, items and rows of the same in memory: %s', async (_, options, share) => {
    const whole = await open(options, share);
    const some = Uint32Array.from({ length: whole.count }, (_, i) => i).filter((i) => i % 3 > 0);
    for (const memoryLimit of [2000, 20_000, 2 ** 30]) {
      const source = await open({ ...options, memoryLimit }, share);
      const { users, format, leftOut, count, shape } = source;
      expect({ users, format, leftOut, count, shape }).toEqual({
        users: whole.users,
        format: whole.format,
        leftOut: whole.leftOut,
        count: whole.count,
        shape: whole.shape,
      });
      for (const positions of [undefined, some]) {
        expect(await read(source, positions)).toEqual(await read(whole, positions));
      }
    }
  });

  it('for a trained run, with its items in its order', async () => {
    const { format } = await open({}, 0.5);
    const other = { ...format, items: format.items.toReversed().slice(0, 60) };
    const options = { format: other, unknown: 'ignore' } as const;
    const whole = await open(options);
    const source = await open({ ...options, memoryLimit: 3000 });
    expect(source.leftOut).toBe(whole.leftOut);
    expect(await read(source, undefined)).toEqual(await read(whole, undefined));
    const known = { format: other, memoryLimit: 3000 };
    await expectDataError(() => open(known), 'DATA_RATINGS_ITEM', 'row', 'one of the 60 items');
  });

  it('comes in pieces within the limit, of which items are held out as of all', async () => {
    const { ratings } = await open({ memoryLimit: 24_000 });
    const { heldOut } = splitItems(await ratings.read());
    const held: number[] = [];
    let pieces = 0;
    for await (const { first, rows } of rowPieces(ratings)) {
      pieces++;
      expect(4 * rows.offsets.length + 8 * rows.places.length).toBeLessThanOrEqual(3004);
      held.push(...splitItems(rows, { first }).heldOut.places);
    }
    expect(pieces).toBeGreaterThan(5);
    expect(held).toEqual([...heldOut.places]);
  });

  it('says so where there is no room', async () => {
    const path = await file();
    vi.stubEnv('TMPDIR', '/nowhere/at/all');
    const opening = () => openRatings(path, { memoryLimit: 3000 });
    await expectDataError(opening, 'DATA_NOT_SPOOLED', '/nowhere/at/all');
  });
});

describe('streamed', () => {
  const LIMIT = 120_000;
  const inputs = { x: [ITEMS] };
  const stagingBytes = 3 * stagingBytesPerWorker({ ...spec, inputs });
  const settings = { holdOut: 0.2, read: { leastRatings: 1, weights: 'rating' } } as const;

  async function load(
    order: 'shuffled' | 'sequential',
    memoryLimit?: number,
    stepRows = STEP,
  ): Promise<Dataset> {
    const limit = memoryLimit !== undefined && { memoryLimit };
    const data = await openData(`ratings:${await file(2500)}`, { ...settings, ...limit });
    onTestFinished(() => data.close());
    return data.load('train', { stagingBytes, order, seed: spec.seed, stepRows });
  }

  /** Examples, one after another. */
  async function examplesOf(dataset: Dataset, order: 'shuffled' | 'sequential', epochs = 1) {
    expect(dataset.shape).toEqual([ITEMS]);
    const tasks = positionsOf(dataset.count, epochs, 1);
    const [batches = []] = await fillInThreads(dataset, tasks, { inputs, order });
    return batches.flatMap(({ x, eps }) =>
      Array.from({ length: x.length / ITEMS }, (_, i) => {
        const values = x.slice(i * ITEMS, (i + 1) * ITEMS);
        return { values: values.join(), eps: eps.slice(2 * i, 2 * i + 2).join() };
      }),
    );
  }

  it('comes in order where it is not shuffled, as all of it in memory does', async () => {
    const streamed = await load('sequential', LIMIT);
    expect(streamed.windows?.plan.windows).toBeGreaterThan(3);
    expect(streamed.windows?.plan.windowRows).toBeGreaterThan(STEP);
    const whole = await load('sequential');
    expect(whole.windows).toBeUndefined();
    expect(await examplesOf(streamed, 'sequential')).toEqual(await examplesOf(whole, 'sequential'));
  });

  it('shows every user once an epoch, in another order each, with the noise that is hers', async () => {
    const streamed = await examplesOf(await load('shuffled', LIMIT), 'shuffled', 2);
    const whole = await examplesOf(await load('shuffled'), 'shuffled', 2);
    const count = whole.length / 2;
    for (const epoch of [0, 1]) {
      const of = (all: typeof whole) => all.slice(epoch * count, (epoch + 1) * count);
      const sorted = (all: typeof whole) => of(all).map(({ values, eps }) => `${values} ${eps}`).sort(); // prettier-ignore
      expect(sorted(streamed)).toEqual(sorted(whole));
      expect(of(streamed)).not.toEqual(of(whole));
    }
    expect(streamed.slice(0, count)).not.toEqual(streamed.slice(count));
  });

  it('gives each batch the same bits from whatever worker, and from the middle on', async () => {
    const dataset = await load('shuffled', LIMIT);
    const shuffled = { inputs, order: 'shuffled' } as const;
    const [one = []] = await fillInThreads(dataset, positionsOf(dataset.count, 1, 1), shuffled);
    const resumed = await load('shuffled', LIMIT);
    const tasks = positionsOf(resumed.count, 1, 1)[0]?.slice(8) ?? [];
    const rest = await startFilling(resumed, tasks, { ...spec, inputs, worker: 2 }).batches;
    expect(rest).toEqual(one.slice(8));
  });

  it('takes no more memory than its share, and keeps the first examples', async () => {
    const { windows, head, stagingOffset } = await load('shuffled', LIMIT);
    expect(stagingOffset).toBeLessThan(LIMIT / 2 + 8192);
    expect([head?.count, head?.windows]).toEqual([256, undefined]);
    expect(windows?.plan.windowEntries).toBeGreaterThan(windows?.plan.windowRows ?? Infinity);
  });

  it('leaves no file behind, while it is open and after', async () => {
    const folder = await temporaryFolder();
    const path = await file();
    vi.stubEnv('TMPDIR', folder);
    const data = await openData(`ratings:${path}`, { ...settings, memoryLimit: LIMIT });
    expect(await readdir(folder)).toEqual([]);
    await data.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a limit below what a step needs', async () => {
    const loading = () => load('shuffled', LIMIT, 400);
    await expectDataError(loading, 'DATA_MEMORY_LIMIT', '400 examples', '--memory-limit');
  });
});
