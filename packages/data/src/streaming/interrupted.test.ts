/** Streams whose workers or whose owner go in the middle of a read. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { stagingBytesPerWorker } from '../batch/staging.ts';
import type { Dataset } from '../dataset.ts';
import { PartLoader } from '../loadPart.ts';
import { makePart } from '../parts.ts';
import type { ExampleSource } from '../sources/exampleSource.ts';
import { positionsOf, SIZE, spec, startFilling, STEP } from '../testing/streamedBatches.ts';

const EXAMPLES = 5003;

/** Example i has the values of its number; reads after the first `free` wait until they are let go. */
function slowSource(free: number) {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let [begun, ended] = [0, 0];
  const source: ExampleSource = {
    where: 'slow',
    shape: [SIZE],
    count: EXAMPLES,
    valueType: 'uint8',
    format: { kind: 'array' },
    labels: Int32Array.from({ length: EXAMPLES }, (_, i) => i),
    async read(target, positions) {
      if (++begun > free) await held;
      positions?.forEach((position, i) => target.fill(position % 256, i * SIZE, (i + 1) * SIZE));
      ended++;
    },
  };
  const reads = () => ({ begun, ended });
  return { source, letGo: () => letGo(), reads };
}

async function loadSlow({ source, letGo }: ReturnType<typeof slowSource>) {
  const loader = new PartLoader(40_000);
  onTestFinished(() => {
    letGo();
    return loader.close();
  });
  const part = makePart(source, { name: 'slow', classes: EXAMPLES });
  const stagingBytes = 2 * stagingBytesPerWorker(spec);
  const order = { order: 'shuffled', seed: spec.seed, stepRows: STEP } as const;
  return { loader, dataset: await loader.load(part, 1, { stagingBytes, ...order }) };
}

/** A worker has asked for a window; with it, it asks for the one behind. */
async function isAskedFor({ memory, windows }: Dataset, window: number): Promise<void> {
  const wanted = new Int32Array(memory.buffer, windows?.controlOffset ?? 0);
  const behind = window + 1;
  await vi.waitFor(() => expect(Atomics.load(wanted, behind % 3)).toBe(behind + 1), 10_000);
}

it('a worker that is killed while it waits for a window takes nothing with it', async () => {
  const reference = await loadSlow(slowSource(Infinity));
  const tasks = positionsOf(EXAMPLES, 1, 1)[0] ?? [];
  const expected = await startFilling(reference.dataset, tasks, spec).batches;
  // The first read is of the examples that stay in memory, the others of windows 0, 1 and so on.
  const slow = slowSource(1 + 3);
  const { dataset } = await loadSlow(slow);
  const { thread } = startFilling(dataset, tasks, spec);
  await isAskedFor(dataset, 3);
  await thread.terminate();
  slow.letGo();
  // What it was at is claimed again, by another.
  const end = 3 * (dataset.windows?.plan.windowRows ?? 0);
  const claimed = tasks.findIndex(({ start, count }) => start + count > end);
  expect(claimed).toBeGreaterThan(0);
  const rest = await startFilling(dataset, tasks.slice(claimed), { ...spec, worker: 1 }).batches;
  expect(rest).toEqual(expected.slice(claimed));
});

it('closed while a window is read, it ends that read and begins no other', async () => {
  const slow = slowSource(1 + 1);
  const { loader, dataset } = await loadSlow(slow);
  const { thread } = startFilling(dataset, positionsOf(EXAMPLES, 1, 1)[0] ?? [], spec);
  await isAskedFor(dataset, 1);
  await thread.terminate();
  const closed = loader.close().then(() => slow.reads());
  slow.letGo();
  expect(await closed).toEqual({ begun: 3, ended: 3 });
});
