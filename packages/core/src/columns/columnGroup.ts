/**
 * p(x | z) of some columns of a kind, from their own part of the decoder's output. All of it runs inside
 * the caller's `tidy`; arguments are borrowed.
 *
 * Shapes: B examples, C columns of the group; the decoder's output is [B, outputs], but where losses take it.
 */
import {
  abs,
  expandDims,
  range,
  relu,
  reshape,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import type { NamedTensors, NoiseSpec, ParameterSpec } from '../model.ts';

export interface ColumnGroup {
  readonly columns: number; // C
  /** Of the decoder, for all columns of the group. */
  readonly outputs: number;
  readonly parameters: readonly ParameterSpec[];
  readonly noise: Readonly<Record<string, NoiseSpec>>;
  /**
   * -log p of each value, [C, B]; what it is of a missing one (filled) does not matter. All turned around
   * (turnedTable.ts). x: [C, B], output: [outputs, B]
   */
  losses(x: Tensor2D, output: Tensor2D, params: NamedTensors): Tensor2D;
  /** The mean of a number, the likeliest category: [B, C] */
  mean(output: Tensor, params: NamedTensors): Tensor2D;
  /** A draw, [B, C] */
  sample(output: Tensor, noise: NamedTensors, params: NamedTensors): Tensor2D;
}

/** Codes [C, B] -> [C, width, B]: 1 at the code, zeros for a code outside 0..width-1. */
export function indicators(codes: Tensor2D, width: number): Tensor3D {
  const each = reshape(range(0, width, 1, 'float32'), [1, width, 1]);
  return relu(sub(1, abs(sub(expandDims(codes, 1), each))));
}

/** [C, width], 1 where `holds` for a column of so many categories. */
export function maskOf(
  categories: readonly number[],
  width: number,
  holds: (code: number, categories: number) => boolean,
): number[] {
  return categories.flatMap((count) =>
    Array.from({ length: width }, (_, code) => (holds(code, count) ? 1 : 0)),
  );
}
