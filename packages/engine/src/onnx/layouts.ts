/**
 * How the elements of a tensor may lie in memory. tfjs knows one way; ORT's convolutions want others,
 * and so do long products of matrices. The lowering tracks for each value the layouts it exists in, and
 * converts only where an operation needs another one, so no pair of transposes ever arises.
 *
 *   plain       as in the graph
 *   transposed  [columns, rows] of a matrix
 *   nchw        [N, C, H, W] of images [N, H, W, C]
 *   blocked     [N, C/b, H, W, b]: channels in blocks of the b floats of a vector register, the NCHWc
 *               that ORT's fast convolutions work on
 *
 * A tensor of fewer dimensions (a bias, a scalar) lies in a layout as if padded with 1 in front.
 */
import type { Shape } from '../shape.ts';
import type { OnnxBuilder } from './onnxBuilder.ts';
import { rearrange } from './rearrange.ts';

export interface Layout {
  readonly name: string;
  /** Dimensions of the tensors it is for; any, where absent. */
  readonly rank?: number;
  /** The last dimension is cut into blocks of this. */
  readonly block?: number;
  /** Which dimension of the tensor, its last one cut where it is cut, comes where. */
  readonly perm: readonly number[];
}

export const plainLayout: Layout = { name: 'plain', perm: [] };
export const transposedLayout: Layout = { name: 'transposed', rank: 2, perm: [1, 0] };
export const nchwLayout: Layout = { name: 'nchw', rank: 4, perm: [0, 3, 1, 2] };
export const blockedLayout = (block: number): Layout => ({
  name: `blocked${block}`,
  rank: 4,
  block,
  perm: [0, 3, 1, 2, 4],
});

const isPlain = ({ name }: Layout): boolean => name === plainLayout.name;

const padded = (shape: Shape, rank: number): Shape => [
  ...Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/** The tensor's dimensions before they are permuted. */
function splitShape({ rank = 0, block }: Layout, shape: Shape): Shape {
  const full = padded(shape, rank);
  if (block === undefined) return full;
  const channels = full.at(-1) ?? 1;
  const width = channels === 1 ? 1 : block;
  return [...full.slice(0, -1), channels / width, width];
}

/** Whether a tensor of this shape can lie in the layout. */
export function fits(layout: Layout, shape: Shape): boolean {
  const { rank, block } = layout;
  if (rank === undefined) return true;
  const channels = shape.at(-1) ?? 1;
  return shape.length <= rank && (block === undefined || channels === 1 || channels % block === 0);
}

/** Shape that a tensor of this shape has in the layout. */
export function shapeIn(layout: Layout, shape: Shape): Shape {
  if (isPlain(layout)) return shape;
  const dims = splitShape(layout, shape);
  return layout.perm.map((dim) => dims[dim] ?? 1);
}

/** Where some of the tensor's dimensions went; in ascending order. */
export function axesIn(layout: Layout, axes: readonly number[]): readonly number[] {
  const { rank, block, perm } = layout;
  if (rank === undefined) return axes;
  const cut = axes.flatMap((axis) =>
    block !== undefined && axis === rank - 1 ? [axis, axis + 1] : [axis],
  );
  return cut.map((dim) => perm.indexOf(dim)).sort((a, b) => a - b);
}

function fromPlain(onnx: OnnxBuilder, name: string, shape: Shape, layout: Layout): string {
  const [split, to] = [splitShape(layout, shape), shapeIn(layout, shape)];
  return rearrange(onnx, name, { from: shape, split, perm: layout.perm, to });
}

function toPlain(onnx: OnnxBuilder, name: string, shape: Shape, layout: Layout): string {
  const stored = shapeIn(layout, shape);
  const inverse = layout.perm.map((_, dim) => layout.perm.indexOf(dim));
  return rearrange(onnx, name, { from: stored, split: stored, perm: inverse, to: shape });
}

/** ORT's own kernel between its two image layouts. */
function blockedToNchw(onnx: OnnxBuilder, name: string, shape: Shape): string {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  const image = onnx.add('Reshape', [name, onnx.integers([n, c, h, w])]);
  const attributes = { channels: { int: c }, channels_last: { int: 0 } };
  return onnx.add('ReorderOutput', [image], attributes, 'com.microsoft.nchwc');
}

/** Appends what brings `name`, a tensor of this shape, from one layout into another. */
export function convert(
  onnx: OnnxBuilder,
  name: string,
  shape: Shape,
  from: Layout,
  to: Layout,
): string {
  if (from.name === to.name) return name;
  if (isPlain(from)) return fromPlain(onnx, name, shape, to);
  if (isPlain(to)) return toPlain(onnx, name, shape, from);
  if (from.block !== undefined && to.name === nchwLayout.name && shape.length === 4) {
    return blockedToNchw(onnx, name, shape);
  }
  return fromPlain(onnx, toPlain(onnx, name, shape, from), shape, to);
}
