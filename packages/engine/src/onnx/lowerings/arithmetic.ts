/** Arithmetic and comparison of two tensors, broadcast as in numpy, which is ONNX's way too. */
import type { LoweringCall, LoweringTable } from '../lowering.ts';
import { binary, elementwise } from './elementwise.ts';

const floatInputs = (call: LoweringCall): boolean => call.input('a').dtype === 'float32';

export const arithmeticLowerings: LoweringTable = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Equal: binary('Equal'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterOrEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessOrEqual'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),

  NotEqual: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('a'), call.input('b')], (a, b) =>
      onnx.add('Not', [onnx.add('Equal', [a, b])]),
    );
  },

  SquaredDifference: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('a'), call.input('b')], (a, b) => {
      const difference = onnx.add('Sub', [a, b]);
      return onnx.add('Mul', [difference, difference]);
    });
  },

  /** The result has the divisor's sign, as in Python; ONNX's Mod knows that for integers only. */
  Mod: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('a'), call.input('b')], (a, b) => {
      if (!floatInputs(call)) return onnx.add('Mod', [a, b]);
      const quotient = onnx.add('Floor', [onnx.add('Div', [a, b])]);
      return onnx.add('Sub', [a, onnx.add('Mul', [quotient, b])]);
    });
  },

  FloorDiv: (call) => {
    const { onnx } = call;
    const float = (x: string): string =>
      floatInputs(call) ? x : onnx.add('Cast', [x], { to: { int: 1 } });
    return elementwise(call, [call.input('a'), call.input('b')], (a, b) => {
      const quotient = onnx.add('Floor', [onnx.add('Div', [float(a), float(b)])]);
      return onnx.add('Cast', [quotient], { to: { int: 6 } });
    });
  },
};
