import { describe, expect, it, onTestFinished } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { sparseViews, storedBytes } from '../valueType.ts';
import { openRatings, userPosition, type OpenRatingsOptions } from './openRatings.ts';
import type { RatingsSource } from './openRatings.ts';
import { rowItems } from './sparseRows.ts';
import { entriesOf } from '../storedRatings.ts';

async function file(lines: readonly string[], name = 'ratings.csv'): Promise<string> {
  return write(await temporaryFolder(), name, Buffer.from(lines.join('\n')));
}

async function open(
  lines: readonly string[],
  options: OpenRatingsOptions = {},
  train?: Uint32Array,
): Promise<RatingsSource> {
  const opened = await openRatings(await file(lines), { leastRatings: 1, ...options });
  onTestFinished(() => opened.close());
  return opened.fit(train);
}

/** Who has what, by name. */
async function chosen({
  users,
  ratings,
  format,
}: RatingsSource): Promise<Record<string, string[]>> {
  const rows = await ratings.read();
  const itemsOf = (row: number) => [...rowItems(rows, row)].map((item) => format.items[item] ?? '');
  return Object.fromEntries(users.map((user, row) => [user, itemsOf(row)]));
}

const weightsOf = async ({ ratings }: RatingsSource): Promise<number[]> => [
  ...(await ratings.read()).weights,
];

const lines = ['ann,tea,5,100', 'bob,tea,2,101', 'ann,jam,3,102', 'bob,rye,4,103', 'cat,jam,1,104'];
const whole = { ann: ['tea', 'jam'], bob: ['tea', 'rye'], cat: ['jam'] };

describe('openRatings', () => {
  it.each<[string, readonly string[], OpenRatingsOptions]>([
    ['without a header', lines, {}],
    ['with one', ['userId,movieId,rating,timestamp', ...lines], {}],
    ['users and items alone', lines.map((line) => line.split(',').slice(0, 2).join(',')), {}],
    ['in quotes', ['"user","item"', ...lines.map((line) => line.replace(/(\w+),(\w+)/, '"$1","$2"'))], {}], // prettier-ignore
    ['between tabs', lines.map((line) => line.replaceAll(',', '\t')), {}],
    ['between colons', lines.map((line) => line.replaceAll(',', '::')), {}],
    ['with Windows line ends and an empty line', [...lines.map((line) => `${line}\r`), '\r'], {}],
    ['items first', ['item;user', ...lines.map((line) => line.replace(/(\w+),(\w+).*/, '$2;$1'))], {}], // prettier-ignore
    ['columns by name', ['what,who', ...lines.map((line) => line.replace(/(\w+),(\w+).*/, '$2,$1'))], { header: true, user: 'who', item: 'what' }], // prettier-ignore
    ['columns by number', lines.map((line) => `x,${line}`), { user: 2, item: 3, rating: 4 }],
    ['rated twice', [...lines, 'ann,tea,1,105'], {}],
  ])('reads who has what: %s', async (_, text, options) => {
    const source = await open(text, options);
    expect(await chosen(source)).toEqual(whole);
    expect([source.shape, source.count]).toEqual([[3], 3]);
    expect(await weightsOf(source)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([
    ['with ratings', ['user-a,item-x,5', 'user-a,item-y,4', 'user-b,item-x,3']],
    ['without', ['user1,item1', 'user1,item2', 'user2,item1']],
  ])('takes no rating for a header whose names are like those of columns: %s', async (_, text) => {
    const sizes = Object.values(await chosen(await open(text, {}))).map((items) => items.length);
    expect(sizes).toEqual([2, 1]);
  });

  it('reads gzip', async () => {
    const opened = await openRatings(await file(lines, 'ratings.csv.gz'), { leastRatings: 1 });
    expect(await chosen(await opened.fit(undefined))).toEqual(whole);
  });

  it('leaves low ratings out, and users with few', async () => {
    expect(await chosen(await open(lines, { threshold: 3 }))).toEqual({
      ann: ['tea', 'jam'],
      bob: ['rye'],
    });
    expect(await chosen(await open(lines, { threshold: 3, leastRatings: 2 }))).toEqual({
      ann: ['tea', 'jam'],
    });
  });

  it('takes ratings as weights, the last of the same', async () => {
    const source = await open([...lines, 'ann,tea,4,105', 'ann,rye,0,106'], { weights: 'rating' });
    expect(await weightsOf(source)).toEqual([4, 3, 2, 4, 1]);
    expect(source.format).toEqual({
      kind: 'ratings',
      items: ['tea', 'jam', 'rye'],
      weights: 'rating',
    });
  });

  it('knows the items of the training part alone', async () => {
    const source = await open(lines, {}, Uint32Array.of(0, 2));
    expect(source.format.items).toEqual(['tea', 'jam']);
    expect(await chosen(source)).toEqual({ ...whole, bob: ['tea'] });
    expect(source.leftOut).toBe(1);
    expect((await open(lines, { leastUsers: 2 })).format.items).toEqual(['tea', 'jam']);
  });

  it('reads those at positions, as the gather kernel wants them', async () => {
    const source = await open(lines, { weights: 'rating' });
    const positions = Uint32Array.of(1, 2);
    const info = { count: 2, entries: entriesOf(source.ratings, positions), shape: [3], valueType: 'sparse' } as const; // prettier-ignore
    const bytes = new Uint8Array(storedBytes(info));
    await source.read(bytes, positions);
    const { offsets, places, weights } = sparseViews(bytes.buffer, 0, info);
    expect([[...offsets], [...places], [...weights]]).toEqual([
      [0, 2, 3],
      [0, 2, 1],
      [2, 4, 1],
    ]);
  });

  it('reads other users as those of a trained run', async () => {
    const { format } = await open(lines, { threshold: 2 });
    const more = ['dan,rye,3', 'dan,tea,1', 'eve,tea,4'];
    const source = await open(more, { format });
    expect(source.format).toEqual(format);
    expect(source.shape).toEqual([3]);
    expect(await chosen(source)).toEqual({ dan: ['rye'], eve: ['tea'] });
    expect(userPosition(source, 'eve')).toBe(1);
    await expectDataError(() => userPosition(source, 'ann'), 'DATA_RATINGS_USER', '"ann"');
    const unknown = [...more, 'eve,oil,5'];
    await expectDataError(() => open(unknown, { format }), 'DATA_RATINGS_ITEM', 'row 4', '"oil"');
    const ignoring = await open(unknown, { format, unknown: 'ignore' });
    expect([(await chosen(ignoring))['eve'], ignoring.leftOut]).toEqual([['tea'], 1]);
  });

  it.each([undefined, 100])('says what it passes over, memory %s', async (memoryLimit) => {
    const { format } = await open(lines);
    const limit = memoryLimit !== undefined && { memoryLimit };
    const how = { format, unknown: 'ignore', ...limit } as const;
    const known = await open(['dan,rye,3'], how);
    expect(await known.passedOver?.()).toBeUndefined();
    const odd = ['fay,oil,1', 'fay,egg,1', ...'abc'.split('').map((user) => `${user},oil,1`)];
    const some = await open(['dan,rye,3', 'dan,nut,1', ...odd, 'dan,fig,2'], how);
    expect(await some.passedOver?.()).toEqual({
      ...{ ratings: 7, items: 4, users: 4, firstUsers: ['fay', 'a', 'b'] },
      firstItems: [
        { item: 'nut', row: 2 },
        { item: 'oil', row: 3 },
        { item: 'egg', row: 4 },
      ],
    });
  });

  it.each<[string, readonly string[], OpenRatingsOptions, string, string]>([
    ['nothing', [''], {}, 'DATA_EMPTY', 'no line'],
    ['a header alone', ['user,item'], { header: true }, 'DATA_EMPTY', 'right file'],
    ['ratings that are too low', lines, { threshold: 9 }, 'DATA_EMPTY', '9 or more'],
    ['weights of zero', ['a,b,0', 'a,c,0'], { weights: 'rating' }, 'DATA_EMPTY', 'none among 2'],
    ['a line without an item', [...lines, 'dan'], {}, 'DATA_RATINGS_ROW', 'row 6'],
    [
      'a rating that is no number',
      [...lines, 'dan,tea,good'],
      {},
      'DATA_RATINGS_ROW',
      'row 6, rating',
    ],
    [
      'a rating in another locale',
      ['a;b;1,5', 'a;c;1,5'],
      { header: false },
      'DATA_RATINGS_ROW',
      '"1,5"',
    ],
    ['no delimiter', ['ann tea'], {}, 'DATA_RATINGS_ROW', 'row 1'],
    ['a quote that does not end', ['ann,"tea'], {}, 'DATA_TABLE_QUOTE', 'row 1'],
    ['a column that is not there', lines, { user: 'who' }, 'DATA_TABLE_HEADER', '"who"'],
    ['a threshold of nothing', ['a,b', 'a,c'], { threshold: 3 }, 'DATA_OPTION', 'threshold'],
    ['weights below zero', ['a,b,-1'], { weights: 'rating' }, 'DATA_RATINGS_ROW', '-1'],
    ['no users left', lines, { leastRatings: 3 }, 'DATA_EMPTY', '3 items'],
    ['no items left', lines, { leastUsers: 3 }, 'DATA_EMPTY', '3 users'],
    ['an option out of range', lines, { leastUsers: 0 }, 'DATA_OPTION', 'leastUsers'],
    ['a threshold without number', lines, { threshold: NaN }, 'DATA_OPTION', 'threshold'],
  ])('refuses %s', async (_, text, options, code, mention) => {
    await expectDataError(() => open(text, options), code as 'DATA_EMPTY', mention);
    const onDisk = { ...options, memoryLimit: 100 };
    await expectDataError(() => open(text, onDisk), code as 'DATA_EMPTY', mention);
  });

  it('leaves users with fewer than five out where nobody says otherwise', async () => {
    const opened = await openRatings(await file([...lines, ...'abcde'.split('').map((i) => `dan,${i},1`)])); // prettier-ignore
    expect((await opened.fit(undefined)).users).toEqual(['dan']);
  });
});
