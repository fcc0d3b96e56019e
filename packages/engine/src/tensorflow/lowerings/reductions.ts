/** Reductions. In the graph their axes are sorted, plain dimensions. */
import type { GraphValue } from '../../graph.ts';
import type { TensorType } from '../graphDef.ts';
import { ofType, type Lower, type LoweringCall, type LoweringTable } from '../lowering.ts';

interface Attrs {
  /** tfjs calls it reductionIndices for Max alone. */
  readonly axis?: readonly number[];
  readonly reductionIndices?: readonly number[];
  readonly keepDims?: boolean;
}

const axesOf = ({ node }: LoweringCall): readonly number[] => {
  const { axis, reductionIndices } = node.attrs as Attrs;
  return axis ?? reductionIndices ?? [];
};

const attrsOf = ({ node }: LoweringCall) =>
  ({
    keep_dims: { bool: (node.attrs as Attrs).keepDims ?? false },
    Tidx: { type: 'int32' },
  }) as const;

function inType({ tf, name }: LoweringCall, x: GraphValue, type: TensorType): string {
  if (x.dtype === type) return name(x);
  return tf.add('Cast', [name(x)], { SrcT: { type: x.dtype }, DstT: { type } });
}

/** In the type of the result: the mean of integers is a float, and the sum of bools a count. */
const reduction =
  (op: string): Lower =>
  (call) => {
    const { tf, input, output } = call;
    const x = inType(call, input('x'), output.dtype);
    return tf.add(op, [x, tf.integers(axesOf(call))], {
      ...ofType(output.dtype),
      ...attrsOf(call),
    });
  };

const boolReduction =
  (op: string): Lower =>
  (call) => {
    const { tf, input } = call;
    const x = inType(call, input('x'), 'bool');
    return tf.add(op, [x, tf.integers(axesOf(call))], attrsOf(call));
  };

const argReduction =
  (op: string): Lower =>
  ({ node, tf, input, name }) => {
    const { axis } = node.attrs as { readonly axis: number };
    const x = input('x');
    return tf.add(op, [name(x), tf.fill('int32', [], axis)], {
      ...ofType(x.dtype),
      Tidx: { type: 'int32' },
      output_type: { type: 'int32' },
    });
  };

export const reductionLowerings: LoweringTable = {
  Sum: reduction('Sum'),
  Prod: reduction('Prod'),
  Mean: reduction('Mean'),
  Max: reduction('Max'),
  Min: reduction('Min'),
  All: boolReduction('All'),
  Any: boolReduction('Any'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
};
