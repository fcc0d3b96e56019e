/**
 * Runs a function of a trained model, or one derived from it, over many examples on all workers, which
 * leave its outputs at the examples' own places: so the rows do not depend on how many workers there are,
 * nor on who took which. In pieces, the memory for them stays as it is however many examples there are, and
 * one piece is computed while the one before is handed on.
 */
import { rowsOf, type Rows } from '@lockstep/core/metrics';
import type { ExampleInfo, Model } from '@lockstep/core';
import {
  noiseKinds,
  stagingBytesPerWorker,
  type Dataset,
  type LoadOptions,
  type NoiseKind,
} from '@lockstep/data';
import { modelFunction, type CompiledFunction, type Engine } from '@lockstep/engine';
import type { ModelReference } from '../config/modelReference.ts';
import { RunError } from '../errors.ts';
import { elementCount, type NamedTensor } from '../run/namedTensor.ts';
import type { WorkerPool } from '../workerPool.ts';
import { deriveModel, type DerivedModel } from './derivedModel.ts';
import { blockCount, pieceOf, placesOf, planRows, type Piece } from './rowsPlan.ts';
import { createRowsQueue, RowsOverseer } from './rowsQueue.ts';
import { shareParameters, type SharedParameters } from './sharedParameters.ts';

/**
 * Examples of a task depend on the size of one alone, not on how the model was trained: small ones are
 * taken many at a time, since each call of the engine costs as much as some tens of rows.
 */
const MOST_VALUES = 1 << 17;
const LEAST_EXAMPLES = 128;
const MOST_EXAMPLES = 2048;

/** Examples that are computed together. */
export function rowsAtOnce({ shape }: ExampleInfo): number {
  const fitting = Math.floor(MOST_VALUES / elementCount(shape) / LEAST_EXAMPLES) * LEAST_EXAMPLES;
  return Math.min(Math.max(fitting, LEAST_EXAMPLES), MOST_EXAMPLES);
}

/** By the name of the function's output. */
export type RowsByOutput = Readonly<Record<string, Rows>>;

/** A trained model, and what is to run it. */
export interface RowsModel {
  readonly reference: ModelReference;
  readonly model: Model;
  readonly example: ExampleInfo;
  readonly parameters: SharedParameters;
  readonly engine: Engine;
  readonly seed: number;
  readonly workers: number;
  readonly pool: WorkerPool;
  /** Its functions, once they are compiled. */
  readonly compiled: Map<string, Promise<CompiledFunction>>;
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
  /** Told of tasks (micro-batches) done, of how many. */
  onRound?(done: number, total: number): void;
}

/**
 * The rows of the last piece.
 * @throws RunError where an output is not finite, and what stops a worker
 */
export async function mapRows(
  trained: RowsModel,
  name: string,
  options: MapOptions,
): Promise<RowsByOutput> {
  const { examples, draws = 1, network, data, noiseKind = noiseKinds.evaluation } = options;
  const { example, reference, seed, pool, workers } = trained;
  const derived = { example, network: network !== undefined };
  const model = deriveModel(trained.model, derived);
  const fn = model.functions[name];
  if (!fn) throw new Error(`no function ${name}`);
  const windowRows = data.windows?.plan.windowRows;
  const microBatch = rowsAtOnce(example);
  const plan = planRows({ ...options, examples, draws, microBatch, windowRows });
  const compiled = await compiledOnce(trained, model, name, plan.microBatch);
  const kept = placesOf(plan) * plan.pieceRows;
  const outputs = Object.fromEntries(
    Object.entries(fn.outputs).map(([output, shape]) => [
      output,
      new SharedArrayBuffer(4 * kept * elementCount(shape)),
    ]),
  );
  const rowsAt = (place: number, count: number): RowsByOutput =>
    Object.fromEntries(
      Object.entries(outputs).map(([output, buffer]) => {
        const dim = elementCount(fn.outputs[output] ?? []);
        return [output, rowsOf(new Float32Array(buffer, 4 * place * dim, count * dim), dim)];
      }),
    );
  const { inputs, noise } = fn;
  const queue = createRowsQueue();
  const common = {
    ...{ plan, queue, data, compiled, outputs, inputs, noise, noiseKind, seed },
    parameters: [trained.parameters, ...(network ? [shareParameters(network)] : [])],
    source: { model: { ...derived, reference }, name },
  };
  const work = pool.runRows(
    Array.from({ length: workers }, (_, worker) => ({ ...common, worker })),
  );
  // Where it fails, `done` below says so first.
  work.catch(() => undefined);
  const overseer = new RowsOverseer(queue, plan);
  const blocks = blockCount(plan);
  // A block of streamed data that is computed needs all the windows there are.
  const atOnce = windowRows === undefined ? 2 : 1;
  let rows = rowsAt(0, 0);
  try {
    for (let block = 0; block < blocks; block++) {
      overseer.open(block + atOnce);
      await overseer.done(block, pool.failure, (done) =>
        options.onRound?.(block * plan.tasks + done, blocks * plan.tasks),
      );
      // The next may go on meanwhile: its rows have a place of their own.
      overseer.open(block + 2);
      if ((block + 1) % plan.blocks !== 0) continue;
      const { place, ...piece } = pieceOf(plan, Math.floor(block / plan.blocks));
      rows = rowsAt(place, piece.count);
      checkFinite(name, rows, piece.first);
      await options.onRows?.(rows, piece);
    }
  } finally {
    overseer.stop();
  }
  await work;
  return rows;
}

function compiledOnce(
  { engine, compiled }: RowsModel,
  model: DerivedModel,
  name: string,
  microBatch: number,
): Promise<CompiledFunction> {
  // With a feature network there are more parameters.
  const key = `${name}/${microBatch}/${model.parameters.length}`;
  const known = compiled.get(key) ?? engine.compile(modelFunction(model, name, microBatch));
  compiled.set(key, known);
  return known;
}

/** How data must be loaded for any function of the model to run over it. */
export function rowsLoadOptions({ model, example, workers, seed }: RowsModel): LoadOptions {
  const network = example.classes !== undefined;
  const microBatch = rowsAtOnce(example);
  const functions = Object.values(deriveModel(model, { example, network }).functions);
  const needs = functions.map(({ inputs, noise }) =>
    stagingBytesPerWorker({ inputs: dataInputs(inputs), noise, microBatch }),
  );
  const stagingBytes = workers * Math.max(0, ...needs);
  return { stagingBytes, order: 'sequential', seed, stepRows: 1 };
}

/** What of a function's inputs the data has; the rest (z of `decode`) is never asked for here. */
function dataInputs<T>(inputs: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name === 'x' || name === 'label'),
  );
}

/** @param first number of the first example @throws RunError */
export function checkFinite(name: string, rows: RowsByOutput, first: number): void {
  for (const [output, { data, dim }] of Object.entries(rows)) {
    const at = firstNotFinite(data);
    if (at === undefined) continue;
    throw new RunError({
      code: 'RUN_NOT_FINITE',
      where: `${name}, example ${first + Math.floor(at / dim)}`,
      expected: `finite values of ${output}`,
      got: String(data[at]),
      fix: "Look at that example for values far from all that training saw; else at the model's logarithms and divisions, or use an earlier checkpoint.",
    });
  }
}

/** A plain loop: with a callback it takes ten times as long, which is noticed with a million rows. */
function firstNotFinite(values: Rows['data']): number | undefined {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return undefined;
}
