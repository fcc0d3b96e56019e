/** Matrix products, with what simplify has fused into them. Transposes are attributes, never nodes. */
import type { GraphValue } from '../../graph.ts';
import { elementCount } from '../../buffers.ts';
import type { Lower, LoweringCall, LoweringTable } from '../lowering.ts';
import type { OnnxAttribute } from '../modelProto.ts';

interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Of _FusedMatMul; simplify writes no others. */
  readonly activation?: 'linear' | 'relu';
}

const attrsOf = ({ node }: LoweringCall): Attrs => node.attrs as unknown as Attrs;

const flag = (on: boolean): OnnxAttribute => ({ int: on ? 1 : 0 });

function batched(call: LoweringCall): string {
  const { transposeA, transposeB } = attrsOf(call);
  const names = [call.plain(call.input('a')), call.plain(call.input('b'))];
  if (!transposeA && !transposeB) return call.onnx.add('MatMul', names);
  const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
  return call.onnx.add('FusedMatMul', names, attributes, 'com.microsoft');
}

/** The product of two matrices that may be written with leading dimensions of 1. */
function gemm(call: LoweringCall, bias: GraphValue | undefined): string {
  const { onnx, plain, output } = call;
  const matrix = (value: GraphValue): string =>
    value.shape.length === 2
      ? plain(value)
      : onnx.add('Reshape', [plain(value), onnx.integers(value.shape.slice(-2))]);
  const { transposeA, transposeB, activation } = attrsOf(call);
  const inputs = [matrix(call.input('a')), matrix(call.input('b'))];
  if (bias) inputs.push(plain(bias));
  const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
  const product =
    activation === 'relu'
      ? onnx.add(
          'FusedGemm',
          inputs,
          { ...attributes, activation: { string: 'Relu' } },
          'com.microsoft',
        )
      : onnx.add('Gemm', inputs, attributes);
  if (output.shape.length === 2) return product;
  return onnx.add('Reshape', [product, onnx.integers(output.shape)]);
}

const isMatrix = ({ shape }: GraphValue): boolean => elementCount(shape.slice(0, -2)) === 1;

const matMul: Lower = (call) => (isMatrix(call.output) ? gemm(call, undefined) : batched(call));

const fusedMatMul: Lower = (call) => {
  const bias = call.input('bias');
  if (isMatrix(call.output)) return gemm(call, bias);
  const sum = call.onnx.add('Add', [batched(call), call.plain(bias)]);
  return attrsOf(call).activation === 'relu' ? call.onnx.add('Relu', [sum]) : sum;
};

export const matMulLowerings: LoweringTable = {
  BatchMatMul: matMul,
  _FusedMatMul: fusedMatMul,
};
