/**
 * p(x | z) of some columns of a kind, from their own part of the decoder's output. All of it runs inside
 * the caller's `tidy`; arguments are borrowed.
 *
 * Shapes: B examples, C columns of the group.
 */
import {
  abs,
  expandDims,
  range,
  relu,
  sub,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { NamedTensors, NoiseSpec, ParameterSpec } from '../model.ts';

export interface ColumnGroup {
  readonly columns: number; // C
  /** Of the decoder, for all columns of the group. */
  readonly outputs: number;
  readonly parameters: readonly ParameterSpec[];
  readonly noise: Readonly<Record<string, NoiseSpec>>;
  /** -log p of each value, [B, C]; what it is of a missing one (filled) does not matter. x: [B, C] */
  losses(x: Tensor2D, output: Tensor, params: NamedTensors): Tensor2D;
  /** The mean of a number, the likeliest category: [B, C] */
  mean(output: Tensor, params: NamedTensors): Tensor2D;
  /** A draw, [B, C] */
  sample(output: Tensor, noise: NamedTensors, params: NamedTensors): Tensor2D;
}

/** Codes [B, C] -> [B, C, width]: 1 at the code, zeros for a code outside 0..width-1. */
export function indicators(codes: Tensor2D, width: number): Tensor {
  return relu(sub(1, abs(sub(expandDims(codes, 2), range(0, width, 1, 'float32')))));
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
