/** Matrix products, with what simplify has fused into them. TensorFlow fuses product and bias by itself. */
import { relu } from './activations.ts';
import { ofType, type Lower, type LoweringCall, type LoweringTable } from '../lowering.ts';

interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const float = ofType('float32');

function product({ node, tf, input, name }: LoweringCall): string {
  const { transposeA, transposeB } = node.attrs as unknown as Attrs;
  const [a, b] = [input('a'), input('b')];
  const isMatrix = a.shape.length === 2 && b.shape.length === 2;
  const [op, flags] = isMatrix
    ? ['MatMul', ['transpose_a', 'transpose_b']]
    : ['BatchMatMulV2', ['adj_x', 'adj_y']];
  const [flagA = '', flagB = ''] = flags;
  return tf.add(op, [name(a), name(b)], {
    ...ofType(a.dtype),
    [flagA]: { bool: transposeA },
    [flagB]: { bool: transposeB },
  });
}

/** What simplify has fused into a product or a convolution. */
export function withEpilogue({ node, tf, input, name }: LoweringCall, result: string): string {
  if (!('bias' in node.inputs)) return result;
  const sum = tf.add('BiasAdd', [result, name(input('bias'))], float);
  return node.attrs['activation'] === 'relu' ? relu(tf, sum, 'float32') : sum;
}

const matMul: Lower = (call) => withEpilogue(call, product(call));

export const matMulLowerings: LoweringTable = {
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
};
