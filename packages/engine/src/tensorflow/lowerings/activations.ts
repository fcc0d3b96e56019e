/** Activation functions and the pieces of their gradients. */
import type { TensorType } from '../graphDef.ts';
import type { GraphDefBuilder } from '../graphDefBuilder.ts';
import { ofType, type LoweringTable } from '../lowering.ts';
import { unary } from './elementwise.ts';

const float = ofType('float32');

/**
 * Not TensorFlow's Relu: it would become a part of the product before it, and oneDNN's relu there
 * makes 0 of what is not a number.
 */
export const relu = (tf: GraphDefBuilder, x: string, type: TensorType): string =>
  tf.add('Maximum', [x, tf.fill(type, [], 0)], ofType(type));

export const activationLowerings: LoweringTable = {
  Relu: ({ tf, input, name }) => relu(tf, name(input('x')), input('x').dtype),
  Relu6: ({ tf, input, name }) => {
    const { dtype } = input('x');
    const above = relu(tf, name(input('x')), dtype);
    return tf.add('Minimum', [above, tf.fill(dtype, [], 6)], ofType(dtype));
  },
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Elu: unary('Elu'),
  Selu: unary('Selu'),

  LeakyRelu: (call) => {
    const { alpha } = call.node.attrs as { readonly alpha: number };
    return unary('LeakyRelu', { alpha: { float: alpha } })(call);
  },

  ClipByValue: ({ node, tf, input, name, output }) => {
    const { clipValueMin, clipValueMax } = node.attrs as {
      readonly clipValueMin: number;
      readonly clipValueMax: number;
    };
    const bound = (value: number): string => tf.fill(output.dtype, [], value);
    const type = ofType(output.dtype);
    const below = tf.add('Minimum', [name(input('x')), bound(clipValueMax)], type);
    return tf.add('Maximum', [below, bound(clipValueMin)], type);
  },

  /** 1 where x > 0, else alpha. */
  Step: ({ node, tf, input, name }) => {
    const { alpha = 0 } = node.attrs as { readonly alpha?: number };
    const x = input('x');
    const zero = tf.fill(x.dtype, [], 0);
    const above = tf.add('Greater', [name(x), zero], ofType(x.dtype));
    const types = { SrcT: { type: 'bool' }, DstT: { type: x.dtype } } as const;
    const step = tf.add('Cast', [above], types);
    if (alpha === 0) return step;
    const [height, low] = [1 - alpha, alpha].map((value) => tf.fill(x.dtype, [], value));
    const scaled = tf.add('Mul', [step, height ?? ''], ofType(x.dtype));
    return tf.add('AddV2', [scaled, low ?? ''], ofType(x.dtype));
  },

  /** dy where y > 0, else 0. */
  ReluGrad: ({ tf, input, name }) =>
    tf.add('ReluGrad', [name(input('dy')), name(input('y'))], float),

  /** dy * (y >= 0 ? 1 : y + 1): the derivative of elu, from its result. */
  EluGrad: ({ tf, input, name }) => tf.add('EluGrad', [name(input('dy')), name(input('y'))], float),

  Prelu: ({ tf, input, name }) => {
    const x = name(input('x'));
    const below = tf.add('Minimum', [x, tf.scalar(0)], float);
    const negative = tf.add('Mul', [below, name(input('alpha'))], float);
    return tf.add('AddV2', [relu(tf, x, 'float32'), negative], float);
  },

  /** Over the last dimension, the only one that tfjs allows. */
  Softmax: ({ tf, input, name }) => tf.add('Softmax', [name(input('logits'))], float),
};
