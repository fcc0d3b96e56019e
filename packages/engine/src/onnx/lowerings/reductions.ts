/** Reductions. In the graph their axes are sorted, plain dimensions. */
import { elementCount } from '../../buffers.ts';
import { axesIn, plainLayout, shapeIn, type Layout } from '../layouts.ts';
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

function reduceSum({ onnx }: LoweringCall, x: string, axes: readonly number[]): string {
  return onnx.add('ReduceSum', [x, onnx.integers(axes)], { keepdims: { int: 0 } });
}

/** Where all that stays has length 1, everything is reduced: ORT is much faster if it is told so. */
function sumOfAll(call: LoweringCall): string {
  const x = call.input('x');
  const [layout = plainLayout] = call.layoutsOf(x);
  const all = shapeIn(layout, x.shape).map((_, dim) => dim);
  return reduceSum(call, call.inLayout(x, layout), all);
}

/**
 * In a layout that is not plain. ORT is fast where it reduces one stretch of dimensions: of an image
 * [N, C/b, H, W, b] first height and width, then the batch.
 */
function sumInLayout(call: LoweringCall, layout: Layout, axis: readonly number[]): string {
  const axes = axesIn(layout, axis).toReversed();
  const [last = 0] = axes;
  const stretch = axes.filter((dim, i) => dim === last - i);
  const others = axes.slice(stretch.length);
  const partial = reduceSum(call, call.inLayout(call.input('x'), layout), stretch.toReversed());
  return others.length > 0 ? reduceSum(call, partial, others.toReversed()) : partial;
}

/** A sum is taken in the layout its argument has, if it keeps one dimension or none. */
const sum: Lower = (call) => {
  const { onnx, input, output, layoutsOf } = call;
  const x = input('x');
  const { axis = [], keepDims = false } = call.node.attrs as Attrs;
  if (x.dtype !== 'float32' || axis.length === 0) return reduction('ReduceSum')(call);
  const isOne = elementCount(output.shape) === 1;
  const isPlain = layoutsOf(x).some(({ name }) => name === plainLayout.name);
  const [layout] = layoutsOf(x);
  if (!isOne && (isPlain || !layout || keepDims || output.shape.length > 1)) {
    return reduction('ReduceSum')(call);
  }
  const result = isOne || !layout ? sumOfAll(call) : sumInLayout(call, layout, axis);
  return onnx.add('Reshape', [result, onnx.integers(output.shape)]);
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
