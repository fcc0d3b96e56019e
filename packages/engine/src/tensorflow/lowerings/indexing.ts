/** Choosing by condition or by index. */
import type { GraphValue } from '../../graph.ts';
import { ofType, type LoweringCall, type LoweringTable } from '../lowering.ts';
import { reshaped } from './shapes.ts';

function inType({ tf, name, output }: LoweringCall, value: GraphValue): string {
  if (value.dtype === output.dtype) return name(value);
  return tf.add('Cast', [name(value)], {
    SrcT: { type: value.dtype },
    DstT: { type: output.dtype },
  });
}

export const indexingLowerings: LoweringTable = {
  /** tf.where has broadcast the three to one shape; a condition of rank 1 may choose whole rows. */
  Select: (call) => {
    const { tf, input, output } = call;
    const condition = input('condition');
    const isRows = condition.shape.length === 1 && output.shape.length > 1;
    const rows = isRows ? [...condition.shape, ...output.shape.slice(1).map(() => 1)] : undefined;
    const chosen = reshaped(call, condition, rows ?? condition.shape);
    const branches = [inType(call, input('t')), inType(call, input('e'))];
    return tf.add('SelectV2', [chosen, ...branches], ofType(output.dtype));
  },

  GatherV2: ({ node, tf, input, name }) => {
    const { axis, batchDims } = node.attrs as {
      readonly axis: number;
      readonly batchDims: number;
    };
    const x = input('x');
    return tf.add('GatherV2', [name(x), name(input('indices')), tf.fill('int32', [], axis)], {
      batch_dims: { int: batchDims },
      Tparams: { type: x.dtype },
      Tindices: { type: 'int32' },
      Taxis: { type: 'int32' },
    });
  },

  /** Both drop elements with a negative segment. */
  UnsortedSegmentSum: ({ node, tf, input, name }) => {
    const { numSegments } = node.attrs as { readonly numSegments: number };
    const x = input('x');
    const count = tf.fill('int32', [], numSegments);
    return tf.add('UnsortedSegmentSum', [name(x), name(input('segmentIds')), count], {
      ...ofType(x.dtype),
      Tindices: { type: 'int32' },
      Tnumsegments: { type: 'int32' },
    });
  },

  OneHot: ({ node, tf, input, name, output }) => {
    const { depth, onValue, offValue } = node.attrs as {
      readonly depth: number;
      readonly onValue: number;
      readonly offValue: number;
    };
    const values = [onValue, offValue].map((value) => tf.fill(output.dtype, [], value));
    const inputs = [name(input('indices')), tf.fill('int32', [], depth), ...values];
    return tf.add('OneHot', inputs, {
      ...ofType(output.dtype),
      TI: { type: 'int32' },
      axis: { int: -1 },
    });
  },
};
