import { describe, expect, it } from 'vitest';
import { planRows, type RowsPlan } from './rowsPlan.ts';
import { createRowsQueue, RowsOverseer, RowsWorker } from './rowsQueue.ts';

const never = new Promise<never>(() => undefined);
const nothing = () => undefined;

function queueOf(plan: RowsPlan) {
  const queue = createRowsQueue();
  return { overseer: new RowsOverseer(queue, plan), worker: () => new RowsWorker(queue, plan) };
}

/** Two blocks of three tasks. */
const plan = planRows({ examples: 55, draws: 1, microBatch: 10, pieceRows: 30 });

describe('rows queue', () => {
  it('workers take tasks in turn, whoever is free, until there are none', async () => {
    const { overseer, worker } = queueOf(plan);
    const [a, b] = [worker(), worker()];
    overseer.open(2);
    const taken = [a.claim(), b.claim(), b.claim(), b.claim(), a.claim(), b.claim()];
    expect(taken.map((task) => task && [task.block, task.start, task.count])).toEqual([
      ...[[0, 0, 10], [0, 10, 10], [0, 20, 10]], // prettier-ignore
      ...[[1, 30, 10], [1, 40, 10], [1, 50, 5]], // prettier-ignore
    ]);
    expect([a.claim(), b.claim()]).toEqual([undefined, undefined]);
    for (const task of taken.toReversed()) a.complete(task!);
    const told: number[] = [];
    await overseer.done(0, never, (done) => told.push(done));
    await overseer.done(1, never, nothing);
    expect(told).toEqual([3]);
  });

  it('a block is done when its last task is, in whatever order', async () => {
    const { overseer, worker } = queueOf(plan);
    overseer.open(1);
    const one = worker();
    const tasks = [one.claim(), one.claim(), one.claim()];
    let isDone = false;
    const done = overseer.done(0, never, nothing).then(() => (isDone = true));
    one.complete(tasks[2]!);
    one.complete(tasks[0]!);
    await Promise.resolve();
    expect(isDone).toBe(false);
    one.complete(tasks[1]!);
    await done;
    expect(isDone).toBe(true);
  });

  it('a worker that is stopped has nothing more to do, though tasks are left', () => {
    const { overseer, worker } = queueOf(plan);
    overseer.open(1);
    const one = worker();
    one.claim();
    overseer.stop();
    expect(one.claim()).toBeUndefined();
  });

  it('waiting ends with the failure of a worker', async () => {
    const { overseer } = queueOf(plan);
    overseer.open(1);
    const failure = Promise.reject<never>(new Error('a worker died'));
    await expect(overseer.done(0, failure, nothing)).rejects.toThrow('a worker died');
  });
});
