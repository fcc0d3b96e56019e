/** Tensors of one value, and changes of dtype. */
import type { DType } from '../../graph.ts';
import { onnxTypeOf, type LoweringTable } from '../lowering.ts';
import { onnxType } from '../modelProto.ts';
import { elementwise } from './elementwise.ts';

const arrayOf = {
  float32: (value: number) => Float32Array.of(value),
  int32: (value: number) => Int32Array.of(value),
  bool: (value: number) => Uint8Array.of(value),
};

export const creationLowerings: LoweringTable = {
  Fill: ({ node, onnx, output }) => {
    const { value } = node.attrs as { readonly value: number };
    const scalar = onnx.constant(onnxTypeOf(output.dtype), [], arrayOf[output.dtype](value));
    if (output.shape.length === 0) return scalar;
    return onnx.add('Expand', [scalar, onnx.integers(output.shape)]);
  },

  Cast: (call) => {
    const { dtype } = call.node.attrs as { readonly dtype: DType };
    return elementwise(call, [call.input('x')], (x) =>
      call.onnx.add('Cast', [x], { to: { int: onnxType[onnxTypeOf(dtype)] } }),
    );
  },
};
