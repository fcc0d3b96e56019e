/** Rows of a trained model on real threads: the same whatever the workers, the pieces and the windows. */
import { openMoreData, type MoreData } from '@lockstep/data';
import { createEngine } from '@lockstep/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { openTrained, type TrainedModel } from '../uses/openTrained.ts';
import { WorkerPool } from '../workerPool.ts';
import { mapRows, rowsLoadOptions, type RowsModel } from './mapRows.ts';
import { shareParameters } from './sharedParameters.ts';

const { data, run } = wholeRuns({ train: 64, test: 1000 });
const source = `${data}/t10k-images-idx3-ubyte`;
const draws = 2;
const closing: (() => Promise<unknown>)[] = [];
let trained: TrainedModel;

beforeAll(async () => {
  const { out } = await run({
    steps: 4,
    batchSize: 16,
    workers: 1,
    modelOptions: { latentDim: 2 },
  });
  trained = await openTrained(out, { workerEntry, workers: 1 });
  closing.push(() => trained.close());
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function modelOf(workers: number): Promise<RowsModel> {
  const { config, model, example, parameters } = trained;
  const pool = new WorkerPool(workerEntry, workers);
  closing.push(() => pool.destroy());
  const { model: reference, seed } = config;
  const engine = await createEngine('onnx');
  return {
    reference,
    model,
    example,
    parameters: shareParameters(parameters),
    engine,
    seed,
    workers,
    pool,
    compiled: new Map(),
  };
}

async function opened(memoryLimit?: number): Promise<MoreData> {
  const { example, format } = trained;
  const more = await openMoreData(source, memoryLimit === undefined ? {} : { memoryLimit }, {
    ...{ shape: example.shape, format },
    ...(example.classes !== undefined && { classes: example.classes }),
  });
  closing.push(() => more.close());
  return more;
}

/** Losses as they are handed on: [draw][example]. */
async function lossesOf(
  model: RowsModel,
  { memoryLimit, pieceRows }: { memoryLimit?: number; pieceRows?: number } = {},
): Promise<number[][]> {
  const more = await opened(memoryLimit);
  const dataset = await more.load(rowsLoadOptions(model));
  expect(dataset.windows !== undefined).toBe(memoryLimit !== undefined);
  const losses = Array.from({ length: draws }, () => new Array<number>(more.info.count).fill(NaN));
  const told: number[] = [];
  let total = 0;
  await mapRows(model, 'negativeElbo', {
    ...{ data: dataset, examples: more.info.count, draws },
    ...(pieceRows !== undefined && { pieceRows }),
    onRows: ({ loss }, { first, count, draw }) => {
      expect(loss?.data).toHaveLength(count);
      loss?.data.forEach((value, i) => (losses[draw]![first + i] = value));
    },
    onRound: (done, of) => {
      told.push(done);
      total = of;
    },
  });
  expect(told.at(-1)).toBe(total);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  return losses;
}

it('gives each example its rows, draw by draw, the same in pieces, in windows, with any workers', async () => {
  const [one, three] = [await modelOf(1), await modelOf(3)];
  const losses = await lossesOf(one);
  expect(losses.flat().every(Number.isFinite)).toBe(true);
  expect(losses[0]).not.toEqual(losses[1]);
  // 96 KiB: windows of about two hundred pictures.
  const ways = [
    {},
    { pieceRows: 100 },
    { memoryLimit: 98304 },
    { memoryLimit: 98304, pieceRows: 300 },
  ];
  for (const way of ways) {
    expect(await lossesOf(three, way), JSON.stringify(way)).toEqual(losses);
  }
});

it('stops its workers where whoever takes the rows fails, and goes on with the next', async () => {
  const model = await modelOf(2);
  const more = await opened();
  const dataset = await more.load(rowsLoadOptions(model));
  const options = { data: dataset, examples: more.info.count, pieceRows: 100 };
  const failing = mapRows(model, 'negativeElbo', {
    ...options,
    onRows: () => {
      throw new Error('the disk is full');
    },
  });
  await expect(failing).rejects.toThrow('the disk is full');
  const { loss } = await mapRows(model, 'negativeElbo', options);
  expect(loss?.data.every(Number.isFinite)).toBe(true);
});
