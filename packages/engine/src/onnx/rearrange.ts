/** Transposes as ORT runs them fastest. */
import { sameShape, type Shape } from '../shape.ts';
import type { OnnxBuilder } from './onnxBuilder.ts';

export interface Rearrangement {
  /** Shape of the tensor as it comes. */
  readonly from: Shape;
  /** Dimensions to see it in. */
  readonly split: Shape;
  /** Where each of the result's dimensions comes from. */
  readonly perm: readonly number[];
  /** Shape to give the result. */
  readonly to: Shape;
}

/**
 * The same with as few dimensions as possible: those of length 1 dropped, neighbours that stay
 * neighbours joined. ORT moves whole blocks at once if it is told so.
 */
function joined(split: Shape, perm: readonly number[]): { dims: Shape; order: readonly number[] } {
  const runs: number[][] = [];
  let previous: number | undefined;
  const rank = perm.filter((dim) => split[dim] !== 1);
  const position = [...rank].sort((a, b) => a - b);
  for (const dim of rank) {
    const isNext =
      previous !== undefined && position.indexOf(dim) === position.indexOf(previous) + 1;
    if (isNext) runs.at(-1)?.push(dim);
    else runs.push([dim]);
    previous = dim;
  }
  const inPlace = runs.toSorted(([a = 0], [b = 0]) => a - b);
  return {
    dims: inPlace.map((run) => run.reduce((product, dim) => product * (split[dim] ?? 1), 1)),
    order: runs.map((run) => inPlace.indexOf(run)),
  };
}

/**
 * Where two neighbours change places before a block that stays, ORT has two ways to move one past the
 * other, and takes the slow one. A dimension of length 1 between them makes it take the fast one.
 */
function forced(dims: Shape, order: readonly number[]): { dims: Shape; order: readonly number[] } {
  const moved = order.flatMap((dim, i) => (dim === i ? [] : [i]));
  const [first = -1, second = -1] = moved;
  const swapsNeighbours = moved.length === 2 && second === first + 1 && second < dims.length - 1;
  if (!swapsNeighbours) return { dims, order };
  const rest = order.slice(second + 1).map((dim) => dim + 1);
  return {
    dims: dims.toSpliced(second + 1, 0, 1),
    order: [...order.slice(0, first), second, second + 1, first, ...rest],
  };
}

export function reshape(onnx: OnnxBuilder, name: string, from: Shape, to: Shape): string {
  return sameShape(from, to) ? name : onnx.add('Reshape', [name, onnx.integers(to)]);
}

/** Reshape to `split`, transpose, reshape to `to`. */
export function rearrange(onnx: OnnxBuilder, name: string, how: Rearrangement): string {
  const { from, split, perm, to } = how;
  const few = joined(split, perm);
  if (few.order.length < 2) return reshape(onnx, name, from, to);
  const { dims, order } = forced(few.dims, few.order);
  const moved = onnx.add('Transpose', [reshape(onnx, name, from, dims)], {
    perm: { ints: order },
  });
  return reshape(
    onnx,
    moved,
    order.map((dim) => dims[dim] ?? 1),
    to,
  );
}
