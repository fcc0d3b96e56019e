/**
 * Matrix products, with what simplify has fused into them.
 *
 * Which operand lies transposed costs nothing on paper, and up to a fifth of the time in fact: ORT's
 * Gemm (MLAS) reads the left operand in rows, so one that is stored in columns is turned around again
 * and again; and it repacks all of the right one, so the smaller matrix belongs there. Hence:
 *
 *   dy W^T   (the gradient of a dense layer's input) is calculated as (W dy^T)^T
 *   x^T dy   (of its kernel) turns x around once, where the sum over examples is long enough
 *
 * The result of the first lies transposed, and so does what follows elementwise; its consumers here
 * take either layout. Measurements: docs/adr/0005-onnx-lowering.md.
 */
import { elementCount } from '../../buffers.ts';
import type { GraphValue } from '../../graph.ts';
import { plainLayout, transposedLayout, type Layout } from '../layouts.ts';
import type { Lower, Lowered, LoweringCall, LoweringTable } from '../lowering.ts';
import type { OnnxAttribute } from '../modelProto.ts';

interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Of _FusedMatMul; simplify writes no others. */
  readonly activation?: 'linear' | 'relu';
}

const attrsOf = ({ node }: LoweringCall): Attrs => node.attrs as unknown as Attrs;

const flag = (on: boolean): OnnxAttribute => ({ int: on ? 1 : 0 });

/** Sums at least this long pay for turning the left operand around first. */
const longSum = 128;
/** Right operands at least this large are better on the left. */
const largeMatrix = 2 ** 16;

interface Operand {
  readonly name: string;
  readonly transposed: OnnxAttribute;
}

const exists = ({ layoutsOf }: LoweringCall, value: GraphValue, layout: Layout): boolean =>
  layoutsOf(value).some(({ name }) => name === layout.name);

/** A matrix, seen transposed or not, that Gemm had better find in rows. */
function leftOperand(call: LoweringCall, value: GraphValue, transposed: boolean): Operand {
  const [inRows, inColumns] = transposed
    ? [transposedLayout, plainLayout]
    : [plainLayout, transposedLayout];
  const sum = value.shape[transposed ? 0 : 1] ?? 1;
  const useRows = exists(call, value, inRows) || !exists(call, value, inColumns) || sum >= longSum;
  const layout = useRows ? inRows : inColumns;
  return { name: call.inLayout(value, layout), transposed: flag(!useRows) };
}

/** A matrix, seen transposed or not, as it lies. */
function rightOperand(call: LoweringCall, value: GraphValue, transposed: boolean): Operand {
  const isPlain = exists(call, value, plainLayout);
  return {
    name: call.inLayout(value, isPlain ? plainLayout : transposedLayout),
    transposed: flag(transposed === isPlain),
  };
}

function gemm(call: LoweringCall, left: Operand, right: Operand, bias?: GraphValue): string {
  const inputs = [left.name, right.name];
  if (bias) inputs.push(call.plain(bias));
  const attributes = { transA: left.transposed, transB: right.transposed };
  if (attrsOf(call).activation !== 'relu') return call.onnx.add('Gemm', inputs, attributes);
  const fused = { ...attributes, activation: { string: 'Relu' } };
  return call.onnx.add('FusedGemm', inputs, fused, 'com.microsoft');
}

function matrixProduct(call: LoweringCall, bias?: GraphValue): Lowered | string {
  const [a, b] = [call.input('a'), call.input('b')];
  const { transposeA, transposeB } = attrsOf(call);
  const onlyTransposed = !exists(call, a, plainLayout);
  const swap =
    bias === undefined &&
    !transposeA &&
    (onlyTransposed || (transposeB && elementCount(b.shape) >= largeMatrix));
  if (!swap) {
    return gemm(call, leftOperand(call, a, transposeA), rightOperand(call, b, transposeB), bias);
  }
  const name = gemm(call, leftOperand(call, b, !transposeB), rightOperand(call, a, true));
  const result = { name, layout: transposedLayout };
  if (elementCount(b.shape) >= largeMatrix) return result;
  // Small again: nobody gains from its lying transposed.
  return call.onnx.add('Transpose', [name], { perm: { ints: transposedLayout.perm } });
}

/** Stacks of matrices; of one matrix too, if it is not written with two dimensions. */
function stackProduct(call: LoweringCall, bias?: GraphValue): string {
  const { transposeA, transposeB, activation } = attrsOf(call);
  const names = [call.plain(call.input('a')), call.plain(call.input('b'))];
  const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
  const product =
    transposeA || transposeB
      ? call.onnx.add('FusedMatMul', names, attributes, 'com.microsoft')
      : call.onnx.add('MatMul', names);
  if (!bias) return product;
  const sum = call.onnx.add('Add', [product, call.plain(bias)]);
  return activation === 'relu' ? call.onnx.add('Relu', [sum]) : sum;
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
