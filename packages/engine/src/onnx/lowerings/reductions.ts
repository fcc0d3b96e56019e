/** Reductions. In the graph their axes are sorted, plain dimensions. */
import { elementCount } from '../../buffers.ts';
import { sameShape } from '../../shape.ts';
import { axesIn, shapeIn } from '../layouts.ts';
import type { Lower, LoweringCall, LoweringTable } from '../lowering.ts';

interface Attrs {
  /** tfjs calls it reductionIndices for Max alone. */
  readonly axis?: readonly number[];
  readonly reductionIndices?: readonly number[];
  readonly keepDims?: boolean;
}

function reduce(call: LoweringCall, opType: string, x: string): string {
  const { axis, reductionIndices, keepDims } = call.node.attrs as Attrs;
  const axes = axis ?? reductionIndices ?? [];
  if (axes.length === 0) return call.onnx.add('Identity', [x]);
  return call.onnx.add(opType, [x, call.onnx.integers(axes)], {
    keepdims: { int: keepDims ? 1 : 0 },
  });
}

/** Where all that stays has length 1, everything is reduced: ORT is much faster if it is told so. */
const leavesOne = ({ output }: LoweringCall): boolean => elementCount(output.shape) === 1;

const reduction =
  (opType: string): Lower =>
  (call) => {
    const x = call.input('x');
    const name = call.plain(x);
    const numbers = x.dtype === 'bool' ? call.onnx.add('Cast', [name], { to: { int: 6 } }) : name;
    return reduce(call, opType, numbers);
  };

const boolReduction =
  (opType: string): Lower =>
  (call) => {
    const numbers = call.onnx.add('Cast', [call.plain(call.input('x'))], { to: { int: 6 } });
    return call.onnx.add('Cast', [reduce(call, opType, numbers)], { to: { int: 9 } });
  };

const argReduction =
  (opType: string): Lower =>
  (call) => {
    const { axis } = call.node.attrs as { readonly axis: number };
    const index = call.onnx.add(opType, [call.plain(call.input('x'))], {
      axis: { int: axis },
      keepdims: { int: 0 },
    });
    return call.onnx.add('Cast', [index], { to: { int: 6 } });
  };

/** A sum is taken in the layout its argument has, if the dimensions it keeps stay in order. */
const sum: Lower = (call) => {
  const { onnx, output } = call;
  const x = call.input('x');
  const { axis = [], keepDims } = call.node.attrs as Attrs;
  const layout = call.layoutsOf(x).find(({ rank }) => rank === x.shape.length);
  const kept = x.shape.map((_, dim) => dim).filter((dim) => !axis.includes(dim));
  if (leavesOne(call) && x.dtype === 'float32') {
    const all = x.shape.map((_, dim) => dim);
    const one = onnx.add('ReduceSum', [call.plain(x), onnx.integers(all)], {
      keepdims: { int: 0 },
    });
    return onnx.add('Reshape', [one, onnx.integers(output.shape)]);
  }
  if (!layout || keepDims || kept.length > 1) return reduction('ReduceSum')(call);
  const reduceSum = (name: string, axes: readonly number[]): string =>
    onnx.add('ReduceSum', [name, onnx.integers(axes)], { keepdims: { int: 0 } });
  const [first, ...rest] = axesIn(layout, axis).toReversed();
  const stored = call.inLayout(x, layout);
  if (first === undefined) return reduction('ReduceSum')(call);
  // ORT is fast where it reduces one stretch of dimensions: [N, C/b, H, W, b] takes two sums.
  const stretch = [first, ...rest.filter((dim, i) => dim === first - 1 - i)];
  const others = rest.slice(stretch.length - 1);
  const partial = reduceSum(stored, stretch.toReversed());
  const total = others.length > 0 ? reduceSum(partial, others.toReversed()) : partial;
  const dims = shapeIn(layout, x.shape).filter((_, dim) => !axesIn(layout, axis).includes(dim));
  return sameShape(dims, output.shape)
    ? total
    : onnx.add('Reshape', [total, onnx.integers(output.shape)]);
};

export const reductionLowerings: LoweringTable = {
  Sum: sum,
  Prod: reduction('ReduceProd'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  All: boolReduction('ReduceMin'),
  Any: boolReduction('ReduceMax'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
};
