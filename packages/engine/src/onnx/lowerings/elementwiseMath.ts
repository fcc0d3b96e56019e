/** Mathematical functions of one tensor. */
import type { OnnxBuilder } from '../onnxBuilder.ts';
import type { Lower, LoweringTable } from '../lowering.ts';
import { elementwise, unary } from './elementwise.ts';

const composed =
  (emit: (onnx: OnnxBuilder, x: string) => string): Lower =>
  (call) =>
    elementwise(call, [call.input('x')], (x) => emit(call.onnx, x));

const direct = [
  ...['Abs', 'Neg', 'Sign', 'Sqrt', 'Reciprocal', 'Exp', 'Log', 'Erf', 'Ceil', 'Floor', 'Round'],
  ...['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan'],
  ...['Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh'],
];

export const elementwiseMathLowerings: LoweringTable = {
  ...Object.fromEntries(direct.map((kernel) => [kernel, unary(kernel)])),
  LogicalNot: unary('Not'),
  IsNan: unary('IsNaN'),
  IsInf: unary('IsInf'),

  Square: composed((onnx, x) => onnx.add('Mul', [x, x])),
  Rsqrt: composed((onnx, x) => onnx.add('Reciprocal', [onnx.add('Sqrt', [x])])),

  IsFinite: composed((onnx, x) => {
    const bad = onnx.add('Or', [onnx.add('IsNaN', [x]), onnx.add('IsInf', [x])]);
    return onnx.add('Not', [bad]);
  }),

  /** exp(x) - 1 = tanh(x / 2) (exp(x) + 1), which keeps its digits near 0. */
  Expm1: composed((onnx, x) => {
    const tanh = onnx.add('Tanh', [onnx.add('Mul', [x, onnx.scalar(0.5)])]);
    return onnx.add('Mul', [tanh, onnx.add('Add', [onnx.add('Exp', [x]), onnx.scalar(1)])]);
  }),

  Log1p: composed(log1p),
};

/**
 * log(1 + x) = log(u) + (x - (u - 1)) / u with u = fl(1 + x): the second term is what rounding took
 * from x, so small x keep their digits.
 */
export function log1p(onnx: OnnxBuilder, x: string): string {
  const one = onnx.scalar(1);
  const u = onnx.add('Add', [x, one]);
  const lost = onnx.add('Sub', [x, onnx.add('Sub', [u, one])]);
  return onnx.add('Add', [onnx.add('Log', [u]), onnx.add('Div', [lost, u])]);
}
