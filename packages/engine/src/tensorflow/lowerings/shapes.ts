/** Kernels that move elements or change the shape. */
import type { GraphValue } from '../../graph.ts';
import { sameShape, type Shape } from '../../shape.ts';
import { ofType, type LoweringCall, type LoweringTable } from '../lowering.ts';

/** The name of a value seen in this shape. */
export function reshaped({ tf, name }: LoweringCall, x: GraphValue, shape: Shape): string {
  if (sameShape(x.shape, shape)) return name(x);
  return tf.add('Reshape', [name(x), tf.integers(shape)], {
    ...ofType(x.dtype),
    Tshape: { type: 'int32' },
  });
}

export const shapeLowerings: LoweringTable = {
  Reshape: (call) => reshaped(call, call.input('x'), call.output.shape),

  Transpose: ({ node, tf, input, name }) => {
    const { perm } = node.attrs as { readonly perm: readonly number[] };
    const x = input('x');
    const attrs = { ...ofType(x.dtype), Tperm: { type: 'int32' } } as const;
    return tf.add('Transpose', [name(x), tf.integers(perm)], attrs);
  },

  Tile: ({ node, tf, input, name, output }) => {
    const x = input('x');
    const { reps } = node.attrs as { readonly reps: readonly number[] };
    const isBroadcast = reps.every((count, dim) => count === 1 || x.shape[dim] === 1);
    return isBroadcast
      ? tf.add('BroadcastTo', [name(x), tf.integers(output.shape)], {
          ...ofType(x.dtype),
          Tidx: { type: 'int32' },
        })
      : tf.add('Tile', [name(x), tf.integers(reps)], {
          ...ofType(x.dtype),
          Tmultiples: { type: 'int32' },
        });
  },

  Reverse: ({ node, tf, input, name }) => {
    const { dims } = node.attrs as { readonly dims: readonly number[] };
    const x = input('x');
    const attrs = { ...ofType(x.dtype), Tidx: { type: 'int32' } } as const;
    return tf.add('ReverseV2', [name(x), tf.integers(dims)], attrs);
  },

  Concat: ({ node, tf, inputList, name, output }) => {
    const { axis } = node.attrs as { readonly axis: number };
    const inputs = inputList('inputs');
    return tf.add('ConcatV2', [...inputs.map(name), tf.fill('int32', [], axis)], {
      ...ofType(output.dtype),
      N: { int: inputs.length },
      Tidx: { type: 'int32' },
    });
  },
};
