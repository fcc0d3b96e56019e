/** Tensors of one value, and changes of dtype. */
import type { DType } from '../../graph.ts';
import type { LoweringTable } from '../lowering.ts';

export const creationLowerings: LoweringTable = {
  Fill: ({ node, tf, output }) => {
    const { value } = node.attrs as { readonly value: number };
    return tf.fill(output.dtype, output.shape, value);
  },

  Cast: ({ node, tf, input, name }) => {
    const { dtype } = node.attrs as { readonly dtype: DType };
    const x = input('x');
    return tf.add('Cast', [name(x)], { SrcT: { type: x.dtype }, DstT: { type: dtype } });
  },
};
