import { expect, it } from 'vitest';
import { RowBatcher, type Row } from './rowBatcher.ts';

const row = (value: number): Row => ({ x: Float32Array.of(value) });

it('runs what comes together as one, in batches that are full first', async () => {
  const sizes: number[] = [];
  const batcher = new RowBatcher({
    size: 4,
    waitMs: 1,
    run: (rows) => {
      sizes.push(rows.length);
      return Promise.resolve(rows.map(({ x }) => ({ y: Float32Array.of(2 * (x?.[0] ?? 0)) })));
    },
  });
  const answers = await Promise.all([
    batcher.run([1, 2].map(row)),
    batcher.run([3, 4, 5].map(row)),
  ]);
  expect(answers.flat().map(({ y }) => y?.[0])).toEqual([2, 4, 6, 8, 10]);
  expect(sizes).toEqual([4, 1]);
});

it('fails those of a batch that fails, and goes on', async () => {
  let broken = true;
  const batcher = new RowBatcher({
    size: 2,
    waitMs: 0,
    run: (rows) => (broken ? Promise.reject(new Error('broken')) : Promise.resolve(rows)),
  });
  await expect(batcher.run([row(1)])).rejects.toThrow('broken');
  broken = false;
  expect(await batcher.run([row(7)])).toEqual([row(7)]);
});
