/**
 * How the elements of an image tensor [N, H, W, C] may lie in memory. tfjs knows one way; ORT's
 * convolutions want others. The lowering tracks for each value the layouts it exists in and converts
 * only where an operation needs another one, so no pair of transposes ever arises.
 *
 *   plain    as in the graph (any shape)
 *   nchw     [N, C, H, W]
 *   blocked  [N, C/b, H, W, b]: channels in blocks of the b floats of a vector register, ORT's NCHWc
 */
import { sameShape, type Shape } from '../shape.ts';
import type { OnnxBuilder } from './onnxBuilder.ts';

export type Layout =
  | { readonly kind: 'plain' }
  | { readonly kind: 'nchw' }
  | { readonly kind: 'blocked'; readonly block: number };

export const plainLayout: Layout = { kind: 'plain' };
export const nchwLayout: Layout = { kind: 'nchw' };

export const layoutKey = (layout: Layout): string =>
  layout.kind === 'blocked' ? `blocked${layout.block}` : layout.kind;

interface Conversion {
  /** Shape to see the source in, before the transpose. */
  readonly split: Shape;
  readonly perm: readonly number[];
  /** Shape to see the result in. */
  readonly join: Shape;
}

/** An NHWC shape, scalars and channel vectors included, as four dimensions. */
export function asImage(shape: Shape): [number, number, number, number] {
  const [n = 1, h = 1, w = 1, c = 1] = [...Array<number>(4 - shape.length).fill(1), ...shape];
  return [n, h, w, c];
}

/** Whether a tensor of this NHWC shape can lie in the layout. */
export const fits = (layout: Layout, shape: Shape): boolean =>
  layout.kind === 'plain' ||
  (shape.length <= 4 &&
    (layout.kind === 'nchw' || asImage(shape)[3] === 1 || asImage(shape)[3] % layout.block === 0));

/** Shape of a tensor of NHWC shape `shape` in the layout. */
export function shapeIn(layout: Layout, shape: Shape): Shape {
  if (layout.kind === 'plain') return shape;
  const [n, h, w, c] = asImage(shape);
  if (layout.kind === 'nchw') return [n, c, h, w];
  const block = c === 1 ? 1 : layout.block;
  return [n, c / block, h, w, block];
}

/** Where the dimensions N, H, W, C of an image went. */
export function axesIn(layout: Layout, axes: readonly number[]): readonly number[] {
  const places = { plain: [[0], [1], [2], [3]], nchw: [[0], [2], [3], [1]] };
  const blocked = [[0], [2], [3], [1, 4]];
  const table = layout.kind === 'blocked' ? blocked : places[layout.kind];
  return axes.flatMap((axis) => table[axis] ?? []).sort((a, b) => a - b);
}

function fromPlain(layout: Layout, shape: Shape): Conversion {
  const [n, h, w, c] = asImage(shape);
  const join = shapeIn(layout, shape);
  if (layout.kind === 'nchw') return { split: [n, h, w, c], perm: [0, 3, 1, 2], join };
  const [, blocks = 1, , , block = 1] = join;
  return { split: [n, h, w, blocks, block], perm: [0, 3, 1, 2, 4], join };
}

function toPlain(layout: Layout, shape: Shape): Conversion {
  const split = shapeIn(layout, shape);
  const perm = layout.kind === 'nchw' ? [0, 2, 3, 1] : [0, 2, 3, 1, 4];
  return { split, perm, join: shape };
}

/** A transpose that leaves the order of all dimensions longer than 1 is a reshape. */
function movesNothing({ split, perm }: Conversion): boolean {
  const long = perm.filter((dim) => split[dim] !== 1);
  return long.every((dim, i) => i === 0 || dim > (long[i - 1] ?? 0));
}

/** Appends what turns `name`, of NHWC shape `shape`, from one layout into another. */
export function convert(
  onnx: OnnxBuilder,
  name: string,
  shape: Shape,
  from: Layout,
  to: Layout,
): string {
  if (layoutKey(from) === layoutKey(to)) return name;
  if (from.kind !== 'plain' && to.kind !== 'plain') {
    const image = asImage(shape);
    const plain = convert(onnx, name, image, from, plainLayout);
    return convert(onnx, plain, image, plainLayout, to);
  }
  const conversion = from.kind === 'plain' ? fromPlain(to, shape) : toPlain(from, shape);
  const { split, perm, join } = conversion;
  const source = from.kind === 'plain' ? shape : split;
  const reshape = (x: string, a: Shape, b: Shape): string =>
    sameShape(a, b) ? x : onnx.add('Reshape', [x, onnx.integers(b)]);
  if (movesNothing(conversion)) return reshape(name, source, join);
  const moved = onnx.add('Transpose', [reshape(name, source, split)], { perm: { ints: perm } });
  return reshape(
    moved,
    perm.map((dim) => split[dim] ?? 1),
    join,
  );
}
