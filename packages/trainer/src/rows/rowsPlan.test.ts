import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockCount, pieceOf, placesOf, planRows, taskOf, type RowsRequest } from './rowsPlan.ts';

const requests = fc.record({
  examples: fc.integer({ min: 1, max: 500 }),
  draws: fc.integer({ min: 1, max: 3 }),
  microBatch: fc.integer({ min: 1, max: 64 }),
  pieceRows: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
  windowRows: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
});

/** Of each run: what it hands on, and the positions its tasks take, with their places in memory. */
function runsOf(request: RowsRequest) {
  const plan = planRows(request);
  return Array.from({ length: plan.pieces * plan.draws }, (_, run) => {
    const blocks = Array.from({ length: plan.blocks }, (_, i) =>
      Array.from({ length: plan.tasks }, (_, index) => taskOf(plan, run * plan.blocks + i, index)),
    );
    return { ...pieceOf(plan, run), blocks };
  });
}

it('every example is computed once in each draw, in order, at its own place', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { examples, draws } = request;
      const plan = planRows(request);
      const runs = runsOf(request);
      const seen = Array.from({ length: draws }, () => new Set<number>());
      for (const { first, count, draw, place, blocks } of runs) {
        const positions: number[] = [];
        for (const task of blocks.flat()) {
          expect(task.count).toBeLessThanOrEqual(plan.microBatch);
          for (let i = 0; i < task.count; i++) {
            positions.push(task.start + i);
            expect(task.draw).toBe(draw);
            expect(task.place + i).toBe(place + task.start + i - first);
            expect(task.place + i).toBeLessThan(placesOf(plan) * plan.pieceRows);
          }
        }
        expect(positions).toEqual(Array.from({ length: count }, (_, i) => first + i));
        for (const position of positions) seen[draw]?.add(position);
      }
      expect(seen.map(({ size }) => size)).toEqual(seen.map(() => examples));
      expect(blockCount(plan)).toBe(runs.length * plan.blocks);
    }),
  );
});

it('a run and the next have places of their own', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const places = runsOf(request).map(({ place }) => place);
      for (const [i, place] of places.slice(1).entries()) expect(place).not.toBe(places[i]);
    }),
  );
});

it('a block of streamed data is no longer than a window', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { windowRows = Infinity } = request;
      for (const { blocks } of runsOf(request)) {
        for (const tasks of blocks) {
          const rows = tasks.reduce((sum, { count }) => sum + count, 0);
          expect(rows).toBeLessThanOrEqual(windowRows);
        }
      }
    }),
  );
});

it('where rows are drawn more than once a piece of streamed data is no longer than a window', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { draws, pieceRows, windowRows = Infinity } = request;
      fc.pre(draws > 1 && pieceRows !== undefined);
      for (const { count } of runsOf(request)) expect(count).toBeLessThanOrEqual(windowRows);
    }),
  );
});

it('all draws of a piece come one after another', () => {
  const runs = runsOf({ examples: 25, draws: 2, microBatch: 5, pieceRows: 12 });
  expect(runs.map(({ first, count, draw }) => [first, count, draw])).toEqual([
    ...[[0, 15, 0], [0, 15, 1]], // prettier-ignore
    ...[[15, 10, 0], [15, 10, 1]], // prettier-ignore
  ]);
});
