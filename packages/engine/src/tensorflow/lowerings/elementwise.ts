/** Operations that treat each element alike. */
import { ofType, type Lower, type LoweringCall } from '../lowering.ts';
import type { NodeAttrs } from '../graphDef.ts';

/** TensorFlow's operator of this name, on the node's `x`. */
export const unary =
  (op: string, attrs: NodeAttrs = {}): Lower =>
  ({ tf, input, name }) => {
    const x = input('x');
    return tf.add(op, [name(x)], { ...ofType(x.dtype), ...attrs });
  };

/** The names of the node's `a` and `b`. */
export const operands = ({ input, name }: LoweringCall): [string, string] => [
  name(input('a')),
  name(input('b')),
];

/** On the node's `a` and `b`; both broadcast as in numpy. */
export const binary =
  (op: string): Lower =>
  (call) =>
    call.tf.add(op, operands(call), ofType(call.input('a').dtype));
