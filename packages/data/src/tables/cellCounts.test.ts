import { expect, it } from 'vitest';
import { openData, openMoreData } from '../openData.ts';
import { temporaryFolder, write } from '../testing/files.ts';

const COUNT = 5000;
const csv = (rows: readonly string[]) => Buffer.from(`n,kind,gone\n${rows.join('\n')}\n`);
const trained = Array.from(
  { length: COUNT },
  (_, i) => `${i % 4 === 0 ? '' : (i * 7) % 101},${['a', 'b', 'c'][i % 3]},${i % 50}`,
);
/** Row of two lines first; every 100th kind is new, every 10th is not there. */
const later = Array.from({ length: COUNT }, (_, i) => {
  const kind = i === 0 ? '"new\nest"' : i % 100 === 50 ? `new${i}` : i % 10 === 1 ? '' : 'a';
  return `${i % 2 === 0 ? 'NA' : i},${kind}`;
});

it.each([
  ['in memory', {}],
  ['streamed', { memoryLimit: 20_000 }],
])('cells of other data are counted, %s', async (_, limit) => {
  const folder = await temporaryFolder();
  const data = await openData(await write(folder, 'a.csv', csv(trained)));
  const text = csv(later).toString().replace('n,kind,gone', 'n,kind');
  const path = await write(folder, 'b.csv', Buffer.from(text));
  const more = await openMoreData(path, { read: { unknown: 'ignore' }, ...limit }, data.train);
  await more.load({ stagingBytes: 0 });
  const rows = COUNT;
  expect(more.cells()).toEqual([
    {
      ...{ column: 'n', isThere: true, rows, missing: COUNT / 2 },
      ...{ unseen: 0, firstUnseen: [], trainedMissing: 0.25 },
    },
    {
      ...{ column: 'kind', isThere: true, rows, missing: COUNT / 10 + 51, unseen: 51 },
      firstUnseen: [
        { row: 2, value: 'new\nest' },
        { row: 53, value: 'new50' },
        { row: 153, value: 'new150' },
      ],
      trainedMissing: 0,
    },
    {
      ...{ column: 'gone', isThere: false, rows, missing: COUNT },
      ...{ unseen: 0, firstUnseen: [], trainedMissing: 0 },
    },
  ]);
  await more.close();
});
