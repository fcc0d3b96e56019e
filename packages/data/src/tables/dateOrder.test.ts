/** Dates whose day and month cannot be told apart. */
import { describe, expect, it } from 'vitest';
import { openData, openMoreData } from '../openData.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { openTable } from './openTable.ts';
import type { OpenTableOptions } from './tableOptions.ts';
import type { TableSource } from './tableSource.ts';

async function openText(text: string, options?: OpenTableOptions) {
  return openTable(await write(await temporaryFolder(), 'table.csv', Buffer.from(text)), options);
}

async function readAll(source: TableSource): Promise<Float32Array> {
  const values = new Float32Array(source.count * (source.shape[0] ?? 0));
  await source.read(new Uint8Array(values.buffer), undefined);
  return values;
}

describe('dates that may be of either order', () => {
  const days = Array.from({ length: 80 }, (_, i) => [1 + (i % 9), 1 + (i % 8)] as const);
  const text = `d,v\n${days.map(([a, b], i) => `0${a}/0${b}/2025,${(i * 7) % 11}`).join('\n')}\n`;

  it('are remarked on, and read as they are said to be', async () => {
    const found = await openText(text, {});
    expect(found.columns[0]).toMatchObject({ mayBeDates: true });
    expect(found.columns[0]?.remark).toContain('--read dates=dmy');
    expect(found.notes).toContainEqual(expect.stringMatching(/"d" looks like dates.*dates=dmy/));
    for (const [dates, first, last] of [
      ['dmy', '2025-01-01', '2025-08-09'],
      ['mdy', '2025-01-01', '2025-09-08'],
    ] as const) {
      const told = await openText(text, { dates });
      expect(told.columns[0]).toMatchObject({ kind: 'date', min: first, max: last });
      expect(told.notes.join()).not.toContain('looks like dates');
      expect(told.schema?.columns[0]).toEqual({ name: 'd', kind: 'date', order: dates });
    }
  });

  it('are no texts that are no dates', async () => {
    const { columns, notes } = await openText(text.replaceAll('/2025', '/25'), {});
    expect(columns[0]?.mayBeDates).toBeUndefined();
    expect(notes.join()).not.toContain('looks like dates');
  });

  it('are the same values to a trained model', async () => {
    const iso = text.replaceAll(/(\d\d)\/(\d\d)\/(\d{4})/g, '$3-$2-$1');
    const trained = await (await openText(iso)).fit();
    const asNow = { format: trained.format, dates: 'dmy' } as const;
    const later = await (await openText(text, asNow)).fit();
    expect(await readAll(later)).toEqual(await readAll(trained));
    const folder = await temporaryFolder();
    const [then, now] = await Promise.all([
      write(folder, 'then.csv', Buffer.from(iso)),
      write(folder, 'now.csv', Buffer.from(text)),
    ]);
    const data = await openData(then);
    const more = await openMoreData(now, {}, data.train, { read: { dates: 'dmy' } });
    await more.load({ stagingBytes: 0 });
    expect(more.cells()[0]).toMatchObject({ column: 'd', missing: 0 });
    await Promise.all([data.close(), more.close()]);
    const untold = await (await openText(text, { format: trained.format })).fit();
    await expect(readAll(untold)).rejects.toMatchObject({
      code: 'DATA_TABLE_VALUE',
      fix: expect.stringContaining('--read dates=dmy') as string,
    });
  });
});
