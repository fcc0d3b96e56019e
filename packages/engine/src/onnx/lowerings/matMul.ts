/** Matrix products. Transposes are attributes, never nodes. */
import { elementCount } from '../../buffers.ts';
import type { LoweringCall, LoweringTable } from '../lowering.ts';
import type { OnnxAttribute } from '../modelProto.ts';

interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const flag = (on: boolean): OnnxAttribute => ({ int: on ? 1 : 0 });

function batched(call: LoweringCall): string {
  const { transposeA, transposeB } = call.node.attrs as unknown as Attrs;
  const names = [call.plain(call.input('a')), call.plain(call.input('b'))];
  if (!transposeA && !transposeB) return call.onnx.add('MatMul', names);
  const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
  return call.onnx.add('FusedMatMul', names, attributes, 'com.microsoft');
}

export const matMulLowerings: LoweringTable = {
  BatchMatMul: (call) => {
    const { onnx, output } = call;
    const [a, b] = [call.input('a'), call.input('b')];
    const { transposeA, transposeB } = call.node.attrs as unknown as Attrs;
    if (elementCount(output.shape.slice(0, -2)) !== 1) return batched(call);
    const matrix = ({ shape }: typeof a, name: string): string =>
      shape.length === 2 ? name : onnx.add('Reshape', [name, onnx.integers(shape.slice(-2))]);
    const product = onnx.add('Gemm', [matrix(a, call.plain(a)), matrix(b, call.plain(b))], {
      transA: flag(transposeA),
      transB: flag(transposeB),
    });
    if (output.shape.length === 2) return product;
    return onnx.add('Reshape', [product, onnx.integers(output.shape)]);
  },
};
