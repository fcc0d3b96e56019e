/**
 * Matrix products, with what simplify has fused into them. Transposes are attributes of ORT's Gemm, and
 * no nodes; but for the left operand they are not free. Gemm reads it in rows, and turns a transposed
 * one around once for every 128 columns of the result. Where that is often, and the sum over examples
 * long, it is turned around once, for all products that want it. docs/adr/0005-onnx-lowering.md has the
 * measurements, also of what did not pay.
 */
import type { GraphValue } from '../../graph.ts';
import { elementCount } from '../../buffers.ts';
import { transposedLayout } from '../layouts.ts';
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

/** From this many examples on, and for results this large, turning the left operand around pays. */
const longSum = 256;
const largeResult = 2 ** 12;

function matrixProduct(call: LoweringCall, bias?: GraphValue): string {
  const { onnx, input, inLayout, plain, output } = call;
  const [a, b] = [input('a'), input('b')];
  const { transposeA, transposeB, activation } = attrsOf(call);
  const turned =
    transposeA && (a.shape[0] ?? 1) >= longSum && elementCount(output.shape) >= largeResult;
  const inputs = [turned ? inLayout(a, transposedLayout) : plain(a), plain(b)];
  if (bias) inputs.push(plain(bias));
  const attributes = { transA: flag(transposeA && !turned), transB: flag(transposeB) };
  if (activation !== 'relu') return onnx.add('Gemm', inputs, attributes);
  if (call.gpu) return onnx.add('Relu', [onnx.add('Gemm', inputs, attributes)]);
  const fused = { ...attributes, activation: { string: 'Relu' } };
  return onnx.add('FusedGemm', inputs, fused, 'com.microsoft');
}

/** Stacks of matrices; of one matrix too, if it is not written with two dimensions. */
function stackProduct(call: LoweringCall, bias?: GraphValue): string {
  const { activation } = attrsOf(call);
  const product = plainStackProduct(call);
  if (!bias) return product;
  const sum = call.onnx.add('Add', [product, call.plain(bias)]);
  return activation === 'relu' ? call.onnx.add('Relu', [sum]) : sum;
}

function plainStackProduct(call: LoweringCall): string {
  const { onnx, input, plain, gpu } = call;
  const { transposeA, transposeB } = attrsOf(call);
  const [a, b] = [input('a'), input('b')];
  if (!gpu && (transposeA || transposeB)) {
    const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
    return onnx.add('FusedMatMul', [plain(a), plain(b)], attributes, 'com.microsoft');
  }
  const operand = (value: GraphValue, transpose: boolean): string => {
    if (!transpose) return plain(value);
    const perm = value.shape.map((_, dim) => dim);
    perm.push(...perm.splice(-2).reverse());
    return onnx.add('Transpose', [plain(value)], { perm: { ints: perm } });
  };
  return onnx.add('MatMul', [operand(a, transposeA), operand(b, transposeB)]);
}

const matMul: Lower = (call) => {
  const bias = 'bias' in call.node.inputs ? call.input('bias') : undefined;
  const isMatrix = [call.input('a'), call.input('b')].every(({ shape }) => shape.length === 2);
  return isMatrix ? matrixProduct(call, bias) : stackProduct(call, bias);
};

export const matMulLowerings: LoweringTable = {
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
};
