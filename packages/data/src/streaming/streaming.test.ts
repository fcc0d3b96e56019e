import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stagingBytesPerWorker } from '../batch/staging.ts';
import type { Dataset } from '../dataset.ts';
import { PartLoader } from '../loadPart.ts';
import { openData } from '../openData.ts';
import { makePart } from '../parts.ts';
import type { ExampleSource } from '../sources/exampleSource.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { bytesOf, npy, temporaryFolder, write } from '../testing/files.ts';
import { fillInThreads, positionsOf, SIZE, spec, STEP } from '../testing/streamedBatches.ts';
import { WindowControl } from './windowControl.ts';
import { examplesOfWindow, planWindows } from './windowPlan.ts';

const EXAMPLES = 5003;
const WORKERS = 3;

/** Example i has the values i mod 256, then i >> 8, and the label i. */
async function numberedFile(): Promise<string> {
  const values = new Uint8Array(EXAMPLES * SIZE);
  for (let i = 0; i < EXAMPLES; i++) values.set([i % 256, i >> 8], i * SIZE);
  const labels = Int32Array.from({ length: EXAMPLES }, (_, i) => i);
  const folder = await temporaryFolder();
  const shape = [EXAMPLES];
  await write(folder, 'x.labels.npy', npy({ descr: '<i4', shape }, bytesOf(labels)));
  return write(folder, 'x.npy', npy({ descr: '|u1', shape: [EXAMPLES, SIZE] }, values));
}

async function streamed(order: 'shuffled' | 'sequential', memoryLimit = 40_000): Promise<Dataset> {
  const path = await numberedFile();
  const source = await openData(path, { memoryLimit, holdOut: 0.2 });
  onTestFinished(() => source.close());
  const stagingBytes = WORKERS * stagingBytesPerWorker(spec);
  return source.load('train', { stagingBytes, order, seed: spec.seed, stepRows: STEP });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('data larger than its share of memory', () => {
  it('shows every example once an epoch, in another order each, with its values', async () => {
    const dataset = await streamed('shuffled');
    expect(dataset.windows?.plan.windows).toBeGreaterThan(3);
    const [batches = []] = await fillInThreads(dataset, positionsOf(dataset.count, 3, 1));
    const epochs = [0, 1, 2].map((epoch) => {
      const perEpoch = batches.length / 3;
      return batches.slice(epoch * perEpoch, (epoch + 1) * perEpoch);
    });
    const orders = epochs.map((epoch) => epoch.flatMap(({ label }) => label));
    const sorted = orders.map((order) => order.toSorted((a, b) => a - b));
    expect(new Set(orders[0]).size).toBe(dataset.count);
    expect(sorted[1]).toEqual(sorted[0]);
    expect(sorted[2]).toEqual(sorted[0]);
    expect(orders[1]).not.toEqual(orders[0]);
    expect(orders[2]).not.toEqual(orders[1]);
    for (const { label, x } of batches) {
      label.forEach((number, i) => {
        const [low = 0, high = 0] = x.slice(i * SIZE);
        expect(Math.round(low * 255) + 256 * Math.round(high * 255)).toBe(number);
      });
    }
  });

  it('is streamed no more where it was closed while it was loaded', async () => {
    const source = await openData(await numberedFile(), { memoryLimit: 40_000 });
    const loading = source.load('train', { stagingBytes: stagingBytesPerWorker(spec) });
    await source.close();
    const { windows, memory } = await loading;
    expect(new WindowControl(memory, windows?.controlOffset ?? NaN).closed).toBe(true);
  });

  it('gives each batch the same bits from whatever worker, and from the middle on', async () => {
    const dataset = await streamed('shuffled');
    const [one = []] = await fillInThreads(dataset, positionsOf(dataset.count, 1, 1));
    const again = await streamed('shuffled');
    // From the second third of the epoch on, as a run that was resumed there.
    const tasks = positionsOf(again.count, 1, 1)[0]?.slice(one.length / 3) ?? [];
    const [rest] = await fillInThreads(again, [tasks]);
    expect(rest).toEqual(one.slice(one.length / 3));
  });

  it('draws the noise that an example has where all is in memory', async () => {
    const dataset = await streamed('shuffled');
    const resident = await streamed('shuffled', 2 ** 30);
    expect(resident.windows).toBeUndefined();
    const noise = async (of: Dataset): Promise<Map<number, string>> => {
      const [batches = []] = await fillInThreads(of, positionsOf(of.count, 1, 1));
      const rows = batches.flatMap(({ label, eps }) =>
        label.map((number, i) => [number, eps.slice(2 * i, 2 * i + 2).join()] as const),
      );
      return new Map(rows);
    };
    expect(await noise(dataset)).toEqual(await noise(resident));
  });

  it('comes in order where it is not shuffled, again and again', async () => {
    const dataset = await streamed('sequential');
    const once = positionsOf(dataset.count, 1, 1)[0] ?? [];
    // The seed is of the noise alone then.
    const change = { order: 'sequential', seed: 77 } as const;
    const [batches = []] = await fillInThreads(dataset, [[...once, ...once]], change);
    const labels = batches.flatMap(({ label }) => label);
    const first = labels.slice(0, dataset.count);
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    expect(new Set(first).size).toBe(dataset.count);
    expect(labels.slice(dataset.count)).toEqual(first);
  });

  it('leaves no file behind', async () => {
    // A folder of its own: others spool, too.
    const folder = await temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    const dataset = await streamed('shuffled');
    expect(dataset.head?.count).toBe(256);
    const names = await readdir(folder);
    expect(names.filter((name) => name.startsWith('lockstep-spool-'))).toEqual([]);
  });

  it('refuses a limit below what a step needs', async () => {
    await expectDataError(() => streamed('shuffled', 2000), 'DATA_MEMORY_LIMIT', '--memory-limit');
  });
});

it('reads each window once, and the first examples', async () => {
  const reads: number[] = [];
  const source: ExampleSource = {
    where: 'counted',
    shape: [SIZE],
    count: EXAMPLES,
    valueType: 'uint8',
    format: { kind: 'array' },
    labels: new Int32Array(EXAMPLES),
    read: (_target, positions) => {
      reads.push(positions?.length ?? 0);
      return reads.length < 100 ? Promise.resolve() : Promise.reject(new Error('again and again'));
    },
  };
  const loader = new PartLoader(40_000);
  const part = makePart(source, { name: 'counted', classes: 1 });
  const stagingBytes = stagingBytesPerWorker(spec);
  const options = { stagingBytes, stepRows: STEP, order: 'shuffled', seed: spec.seed } as const;
  const dataset = await loader.load(part, 1, options);
  await fillInThreads(dataset, positionsOf(EXAMPLES, 3, 1));
  await loader.close();
  // The one behind the last is read, too: it might have been needed.
  const windows = 3 * (dataset.windows?.plan.windows ?? 0);
  expect(windows).toBeGreaterThan(9);
  expect(reads.length).toBeLessThanOrEqual(1 + windows + 1);
  expect(reads.slice(1, 1 + windows).reduce((a, b) => a + b)).toBe(3 * EXAMPLES);
});

it('what cannot be read stops the worker that waits for it, with the reason', async () => {
  const source: ExampleSource = {
    where: 'broken',
    shape: [SIZE],
    count: EXAMPLES,
    valueType: 'uint8',
    format: { kind: 'array' },
    labels: undefined,
    read: (_target, positions) =>
      (positions?.at(-1) ?? 0) < 256 ? Promise.resolve() : Promise.reject(new Error('disk gone')),
  };
  const loader = new PartLoader(20_000);
  onTestFinished(() => loader.close());
  const part = makePart(source, { name: 'broken', classes: undefined });
  const stagingBytes = stagingBytesPerWorker(spec);
  const dataset = await loader.load(part, 1, { stagingBytes, stepRows: STEP, seed: 5 });
  const { label: _label, ...inputs } = spec.inputs as { x: number[]; label: number[] };
  const task = { epoch: 0, start: 0, count: 8 };
  const filling = fillInThreads(dataset, [[task]], { inputs, order: 'sequential' });
  await expect(filling).rejects.toThrow(/disk gone/);
});

describe('planWindows', () => {
  const request = { source: 'x', count: 100_000, rowBytes: 100, memoryBytes: 1e6, stepRows: 512 };

  it('keeps three windows within the memory, of whole blocks', () => {
    const plan = planWindows(request);
    if (!plan) throw new Error('it does not fit');
    expect(3 * plan.windowRows * request.rowBytes).toBeLessThanOrEqual(request.memoryBytes);
    expect(plan.windowRows % plan.blockRows).toBe(0);
    expect(plan.windows).toBe(Math.ceil(request.count / plan.windowRows));
  });

  it('puts each example into one window, whatever the order of the blocks', () => {
    const plan = planWindows({ ...request, count: 99_991 });
    if (!plan) throw new Error('it does not fit');
    const whole = Math.floor(plan.count / plan.blockRows);
    const seen = Array.from({ length: plan.windows }, (_, window) => [
      ...examplesOfWindow(plan, window, (place) => (place * 7 + 3) % whole),
    ]);
    expect(new Set(seen.flat()).size).toBe(plan.count);
    expect(seen.flat()).toHaveLength(plan.count);
    for (const window of seen) expect(window).toEqual(window.toSorted((a, b) => a - b));
  });

  it('plans nothing where all fits', () => {
    expect(planWindows({ ...request, memoryBytes: 1e7 })).toBeUndefined();
  });
});
