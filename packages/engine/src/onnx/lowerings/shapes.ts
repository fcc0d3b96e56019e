/** Kernels that move elements or change the shape. */
import type { LoweringTable } from '../lowering.ts';

export const shapeLowerings: LoweringTable = {
  Reshape: ({ onnx, plain, input, output }) =>
    onnx.add('Reshape', [plain(input('x')), onnx.integers(output.shape)]),

  Transpose: ({ node, onnx, plain, input }) => {
    const { perm } = node.attrs as { readonly perm: readonly number[] };
    return onnx.add('Transpose', [plain(input('x'))], { perm: { ints: perm } });
  },

  Tile: ({ node, onnx, plain, input, output }) => {
    const x = input('x');
    const { reps } = node.attrs as { readonly reps: readonly number[] };
    const isBroadcast = reps.every((count, dim) => count === 1 || x.shape[dim] === 1);
    return isBroadcast
      ? onnx.add('Expand', [plain(x), onnx.integers(output.shape)])
      : onnx.add('Tile', [plain(x), onnx.integers(reps)]);
  },

  Reverse: ({ node, onnx, plain, input }) => {
    const x = input('x');
    const { dims } = node.attrs as { readonly dims: readonly number[] };
    if (dims.length === 0) return onnx.add('Identity', [plain(x)]);
    return onnx.add('Slice', [
      plain(x),
      onnx.integers(dims.map(() => -1)),
      onnx.integers(dims.map(() => -(2 ** 31))),
      onnx.integers(dims),
      onnx.integers(dims.map(() => -1)),
    ]);
  },

  Concat: ({ node, onnx, plain, inputList }) => {
    const { axis } = node.attrs as { readonly axis: number };
    return onnx.add('Concat', inputList('inputs').map(plain), { axis: { int: axis } });
  },
};
