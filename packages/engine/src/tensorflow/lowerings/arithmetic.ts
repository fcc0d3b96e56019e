/** Arithmetic and comparison of two tensors, broadcast as in numpy, which is TensorFlow's way too. */
import { ofType, type LoweringTable } from '../lowering.ts';
import { binary, operands } from './elementwise.ts';

export const arithmeticLowerings: LoweringTable = {
  Add: binary('AddV2'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('RealDiv'),
  Pow: binary('Pow'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  SquaredDifference: binary('SquaredDifference'),
  Atan2: binary('Atan2'),
  /** The result has the divisor's sign, as in Python. */
  Mod: binary('FloorMod'),
  Equal: binary('Equal'),
  NotEqual: binary('NotEqual'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessEqual'),
  LogicalAnd: (call) => call.tf.add('LogicalAnd', operands(call)),
  LogicalOr: (call) => call.tf.add('LogicalOr', operands(call)),

  /** In floats, as tfjs: TensorFlow's integer division stops the run at a zero. */
  FloorDiv: (call) => {
    const { tf, input } = call;
    const float = ofType('float32');
    const [a = '', b = ''] = operands(call).map((operand) =>
      input('a').dtype === 'float32'
        ? operand
        : tf.add('Cast', [operand], { SrcT: { type: 'int32' }, DstT: { type: 'float32' } }),
    );
    const quotient = tf.add('Floor', [tf.add('RealDiv', [a, b], float)], float);
    return tf.add('Cast', [quotient], { SrcT: { type: 'float32' }, DstT: { type: 'int32' } });
  },
};
