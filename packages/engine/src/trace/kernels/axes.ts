/** tfjs's axis arguments (absent, one, several, negative) as a sorted list of plain dimensions. */
import { util } from '@tensorflow/tfjs-core';

type Shape = readonly number[];

export function normalAxes(axis: number | readonly number[] | undefined | null, shape: Shape) {
  const requested = axis == null ? shape.map((_, dim) => dim) : axis;
  return util
    .parseAxisParam(typeof requested === 'number' ? requested : [...requested], [...shape])
    .sort((a, b) => a - b);
}

/** Exactly one axis. */
export const normalAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export function reducedShape(shape: Shape, axes: Shape, keepDims: boolean): number[] {
  if (keepDims) return shape.map((size, dim) => (axes.includes(dim) ? 1 : size));
  return shape.filter((_, dim) => !axes.includes(dim));
}
