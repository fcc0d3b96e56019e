/**
 * Runs a function of a trained model, or one derived from it, over many examples on all workers: the
 * tasks are those of an evaluation, and each leaves its outputs at the examples' own places. So the
 * rows do not depend on how many workers there are. In pieces, the memory for them stays as it is
 * however many examples there are.
 */
import { createChannel, resolveOptimizer, type Channel } from '@lockstep/collective';
import { rowsOf, type Rows } from '@lockstep/core/metrics';
import type { ExampleInfo, Model } from '@lockstep/core';
import {
  noiseKinds,
  stagingBytesPerWorker,
  type Dataset,
  type LoadOptions,
  type NoiseKind,
} from '@lockstep/data';
import { modelFunction, type Engine } from '@lockstep/engine';
import { channelCodec } from '../channelCodec.ts';
import { planSteps } from '../config/microBatches.ts';
import type { ModelReference } from '../config/modelReference.ts';
import { RunError } from '../errors.ts';
import { elementCount, type NamedTensor } from '../run/namedTensor.ts';
import { writeTensors } from '../train/arenaTensors.ts';
import type { BatchCut } from '../worker/job.ts';
import type { WorkerPool } from '../workerPool.ts';
import { deriveModel, type DerivedModel } from './derivedModel.ts';

/**
 * Where a pass is cut depends on the size of an example alone, not on how the model was trained: small
 * ones are taken many at a time, since each call of the engine costs as much as some tens of rows.
 */
const SLOTS = 16;
const MOST_VALUES = 1 << 17;
const LEAST_EXAMPLES = 128;
const MOST_EXAMPLES = 1024;

function cutOf({ shape }: ExampleInfo): BatchCut {
  const fitting = Math.floor(MOST_VALUES / elementCount(shape) / LEAST_EXAMPLES) * LEAST_EXAMPLES;
  const microBatch = Math.min(Math.max(fitting, LEAST_EXAMPLES), MOST_EXAMPLES);
  return { batchSize: SLOTS * microBatch, microBatch, slots: SLOTS };
}

/** By the name of the function's output. */
export type RowsByOutput = Readonly<Record<string, Rows>>;

/** A trained model, and what is to run it. */
export interface RowsModel {
  readonly reference: ModelReference;
  readonly model: Model;
  readonly example: ExampleInfo;
  readonly parameters: readonly NamedTensor[];
  readonly engine: Engine;
  readonly seed: number;
  readonly channel: 'shared' | 'message';
  readonly workers: number;
  readonly pool: WorkerPool;
}

export interface MapOptions {
  /** Loaded with `rowsLoadOptions`. */
  readonly data: Dataset;
  /** The first so many of the data. */
  readonly examples: number;
  /** Default: that of evaluations. */
  readonly noiseKind?: NoiseKind;
  /** Parameters of the feature network, where the function has one. */
  readonly network?: readonly NamedTensor[];
  /** How often to run it, each time with other noise. Default 1. */
  readonly draws?: number;
  /** About how many rows are kept at a time. Default: all. */
  readonly pieceRows?: number;
  /** Called after each draw of a piece; the rows are overwritten by the next. */
  onRows?(rows: RowsByOutput, piece: Piece): void | Promise<void>;
  /** Told of batches done, of how many. */
  onRound?(done: number, total: number): void;
}

/** Examples first ... first + count - 1. */
export interface Piece {
  readonly first: number;
  readonly count: number;
  /** From 0. */
  readonly draw: number;
}

/** The rows of the last piece. @throws RunError where an output is not finite */
export async function mapRows(
  trained: RowsModel,
  name: string,
  options: MapOptions,
): Promise<RowsByOutput> {
  const { examples, draws = 1, network, data, noiseKind = noiseKinds.evaluation } = options;
  const { example, reference, seed, engine, pool } = trained;
  const derived = { example, network: network !== undefined };
  const model = deriveModel(trained.model, derived);
  const fn = model.functions[name];
  if (!fn) throw new Error(`no function ${name}`);
  // A batch has no more examples than a window, where data is streamed; the rows are the same.
  const whole = cutOf(example);
  const batchSize = Math.min(whole.batchSize, data.windows?.plan.windowRows ?? Infinity);
  const plan = planSteps({ ...whole, batchSize, examples });
  const cut = { ...whole, batchSize, microBatch: plan.microBatch };
  const rounds = Math.ceil(Math.min(options.pieceRows ?? examples, examples) / batchSize);
  const pieceRows = Math.min(rounds * batchSize, examples);
  const compiled = await engine.compile(modelFunction(model, name, plan.microBatch));
  const outputs = Object.fromEntries(
    Object.entries(fn.outputs).map(([output, shape]) => [
      output,
      new SharedArrayBuffer(4 * pieceRows * elementCount(shape)),
    ]),
  );
  const { coordinator, links } = openChannel(trained, {
    model,
    slots: plan.slots,
    parameters: [...trained.parameters, ...(network ?? [])],
  });
  const { inputs, noise } = fn;
  const source = { model: { ...derived, reference }, name };
  const common = { cut, data, examples, pieceRows, compiled, outputs, inputs, noise, noiseKind };
  const work = pool.runRows(
    links.map((link, worker) => ({ ...common, worker, link, seed, source })),
  );
  // Where it fails, `run` below says so first.
  work.catch(() => undefined);
  const rowsOfPiece = (count: number): RowsByOutput =>
    Object.fromEntries(
      Object.entries(outputs).map(([output, buffer]) => {
        const dim = elementCount(fn.outputs[output] ?? []);
        return [output, rowsOf(new Float32Array(buffer, 0, count * dim), dim)];
      }),
    );
  const total = draws * plan.stepsPerEpoch;
  let done = 0;
  let rows = rowsOfPiece(0);
  try {
    for (let first = 0, round = 0; first < examples; first += pieceRows, round += rounds) {
      const count = Math.min(pieceRows, examples - first);
      rows = rowsOfPiece(count);
      for (let draw = 0; draw < draws; draw++) {
        const from = draw * plan.stepsPerEpoch + round;
        const until = from + Math.ceil(count / batchSize);
        const onRound = (): void => options.onRound?.(++done, total);
        await coordinator.run({ kind: 'evaluate', from, until }, { onRound });
        checkFinite(name, rows, first);
        await options.onRows?.(rows, { first, count, draw });
      }
    }
  } finally {
    coordinator.stop();
  }
  await work;
  return rows;
}

/** How data must be loaded for any function of the model to run over it. */
export function rowsLoadOptions({ model, example, workers, seed }: RowsModel): LoadOptions {
  const network = example.classes !== undefined;
  const { microBatch } = cutOf(example);
  const functions = Object.values(deriveModel(model, { example, network }).functions);
  const needs = functions.map(({ inputs, noise }) =>
    stagingBytesPerWorker({ inputs: dataInputs(inputs), noise, microBatch }),
  );
  const stagingBytes = workers * Math.max(0, ...needs);
  return { stagingBytes, order: 'sequential', seed, stepRows: 1 };
}

/** A channel over parameters at rest: there is nothing to update. */
function openChannel(
  { workers, channel: kind, pool }: RowsModel,
  parts: {
    readonly model: DerivedModel;
    readonly slots: number;
    readonly parameters: readonly NamedTensor[];
  },
): Channel {
  const channel = createChannel(
    kind,
    {
      parameters: parts.model.parameters.map(({ name, shape }) => ({ name, shape })),
      slots: parts.slots,
      metrics: [1],
      moments: 0,
      workers,
      clip: false,
      scratch: false,
    },
    {
      groups: [
        { kind: 'optimizer', optimizer: resolveOptimizer({ name: 'sgd' }), learningRate: 0 },
      ],
      schedule: { name: 'constant', warmupSteps: 0 },
      totalSteps: 0,
    },
    { codec: channelCodec, failure: pool.failure },
  );
  channel.coordinator.step = 0;
  writeTensors(channel.coordinator.arena, 0, { parameters: parts.parameters, moments: {} });
  return channel;
}

/** What of a function's inputs the data has; the rest (z of `decode`) is never asked for here. */
function dataInputs<T>(inputs: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name === 'x' || name === 'label'),
  );
}

function checkFinite(name: string, rows: RowsByOutput, first: number): void {
  for (const [output, { data, dim }] of Object.entries(rows)) {
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new RunError({
      code: 'RUN_NOT_FINITE',
      where: `${name}, example ${first + Math.floor(at / dim)}`,
      expected: `finite values of ${output}`,
      got: String(data[at]),
      fix: "Look at that example for values far from all that training saw; else at the model's logarithms and divisions, or use an earlier checkpoint.",
    });
  }
}
