/** The latents of a trained model: what its `encode` gives. */
import { rowsOf, type Rows } from '@lockstep/core/metrics';
import { RunError } from '../errors.ts';
import type { RowsByOutput } from '../rows/mapRows.ts';
import type { Piece } from '../rows/rowsPlan.ts';
import { elementCount } from '../run/namedTensor.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

/** Rows that are kept at a time. */
const PIECE_ROWS = 32_768;

export interface Latents {
  /** The output of `encode`: the posterior's mean, or where there is none the code. */
  readonly output: 'mu' | 'z';
  /** Numbers of an example. */
  readonly dim: number;
  /** Whether `encode` gives the log of the variance too. */
  readonly hasLogVar: boolean;
}

/** @throws RunError where the model has no latents */
export function latentsOf(trained: TrainedModel): Latents {
  trained.require('encode');
  const outputs = trained.model.functions?.['encode']?.outputs ?? {};
  const output = outputs['mu'] ? 'mu' : 'z';
  const shape = outputs[output];
  if (!shape) {
    throw new RunError({
      code: 'RUN_NO_LATENTS',
      where: `model ${trained.model.name}`,
      expected: 'an `encode` that returns mu or z',
      got: Object.keys(outputs).join(', ') || 'nothing',
      fix: 'Use a model with latents.',
    });
  }
  const hasLogVar = output === 'mu' && outputs['logVar'] !== undefined;
  return { output, dim: elementCount(shape), hasLogVar };
}

export interface EncodeOptions {
  /** The first so many; default: all. */
  readonly examples?: number;
  /** The rows are overwritten afterwards. */
  onRows(rows: RowsByOutput, piece: Piece): void | Promise<void>;
}

/** Encodes examples in pieces, so that memory does not grow with them. @throws RunError */
export async function encodeInPieces(
  trained: TrainedModel,
  data: UseData,
  { examples, onRows }: EncodeOptions,
): Promise<void> {
  await trained.map('encode', data, {
    pieceRows: PIECE_ROWS,
    onRows,
    ...(examples !== undefined && { examples }),
  });
}

/** Rows of one output that were chosen from pieces, in shared memory. */
export class KeptRows {
  readonly #data: Float32Array<SharedArrayBuffer>;
  readonly #dim: number;
  #count = 0;

  constructor(most: number, dim: number) {
    this.#data = new Float32Array(new SharedArrayBuffer(4 * most * dim));
    this.#dim = dim;
  }

  get count(): number {
    return this.#count;
  }

  /** Nothing once there are as many as there is room for. */
  add({ data, dim }: Rows, row: number): void {
    const at = this.#count * dim;
    if (at >= this.#data.length) return;
    this.#data.set(data.subarray(row * dim, (row + 1) * dim), at);
    this.#count += 1;
  }

  /** All of them, as far as there is room. */
  addAll(rows: Rows): void {
    for (let row = 0; row < rows.count; row++) this.add(rows, row);
  }

  get rows(): Rows {
    return rowsOf(this.#data.subarray(0, this.#count * this.#dim), this.#dim);
  }
}
