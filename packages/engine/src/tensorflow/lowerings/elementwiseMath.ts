/** Mathematical functions of one tensor. */
import type { Lower, LoweringTable } from '../lowering.ts';
import { unary } from './elementwise.ts';

const direct = [
  ...[
    'Abs',
    'Neg',
    'Sign',
    'Square',
    'Sqrt',
    'Rsqrt',
    'Reciprocal',
    'Exp',
    'Expm1',
    'Log',
    'Log1p',
  ],
  ...['Erf', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan'],
  ...['Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh'],
  ...['IsNan', 'IsInf', 'IsFinite'],
];

/** Integers are what they are. */
const rounding =
  (op: string): Lower =>
  (call) =>
    call.input('x').dtype === 'int32' ? call.name(call.input('x')) : unary(op)(call);

export const elementwiseMathLowerings: LoweringTable = {
  ...Object.fromEntries(direct.map((kernel) => [kernel, unary(kernel)])),
  Ceil: rounding('Ceil'),
  Floor: rounding('Floor'),
  Round: rounding('Round'),
  LogicalNot: ({ tf, input, name }) => tf.add('LogicalNot', [name(input('x'))]),
};
