/** Reductions. In the graph their axes are sorted, plain dimensions. */
import { asImage, axesIn, plainLayout, shapeIn } from '../layouts.ts';
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

/** A sum that keeps the channels (the gradient of a bias) is taken where the image already is. */
const sum: Lower = (call) => {
  const x = call.input('x');
  const [layout = plainLayout] = call.layoutsOf(x);
  const { axis = [] } = call.node.attrs as Attrs;
  if (layout.kind === 'plain' || x.shape.length !== 4 || axis.join() !== '0,1,2') {
    return reduction('ReduceSum')(call);
  }
  const axes = axesIn(layout, axis);
  const perChannel = call.onnx.add(
    'ReduceSum',
    [call.inLayout(x, layout), call.onnx.integers(axes)],
    { keepdims: { int: 0 } },
  );
  const kept = shapeIn(layout, asImage(x.shape)).filter((_, dim) => !axes.includes(dim));
  return kept.length === call.output.shape.length
    ? perChannel
    : call.onnx.add('Reshape', [perChannel, call.onnx.integers(call.output.shape)]);
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
