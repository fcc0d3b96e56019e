/**
 * Convolutions and their gradients, on images [N, H, W, C]: the one layout that TensorFlow's kernels for
 * processors all know. Images [N, C, H, W] are turned around before and after.
 */
import type { Shape } from '../../shape.ts';
import { ofType, type Lower, type LoweringCall, type LoweringTable } from '../lowering.ts';
import type { NodeAttrs } from '../graphDef.ts';
import { withEpilogue } from './matMul.ts';
import { isNarrow, narrowImage, type NarrowImage } from './narrowImage.ts';

type Pair = readonly [number, number];

interface ConvAttrs {
  readonly strides: Pair;
  readonly dilations: Pair;
  /** A pair for each of the image's dimensions. */
  readonly pad: readonly Pair[];
  readonly dataFormat: 'NHWC' | 'NCHW';
}

const toNhwc = [0, 2, 3, 1];
const toNchw = [0, 3, 1, 2];

const attrsOf = ({ node }: LoweringCall): ConvAttrs => node.attrs as unknown as ConvAttrs;

const isChannelsFirst = (call: LoweringCall): boolean => attrsOf(call).dataFormat === 'NCHW';

function transpose({ tf }: LoweringCall, image: string, perm: readonly number[]): string {
  const attrs = { ...ofType('float32'), Tperm: { type: 'int32' } } as const;
  return tf.add('Transpose', [image, tf.integers(perm)], attrs);
}

function image(call: LoweringCall, input: string): string {
  const name = call.name(call.input(input));
  return isChannelsFirst(call) ? transpose(call, name, toNhwc) : name;
}

const result = (call: LoweringCall, name: string): string =>
  isChannelsFirst(call) ? transpose(call, name, toNchw) : name;

const sides = (call: LoweringCall, shape: Shape): Pair => {
  const first = isChannelsFirst(call) ? 2 : 1;
  return [shape[first] ?? 1, shape[first + 1] ?? 1];
};

/** Rows and columns of zeros around x. */
function padding(call: LoweringCall): readonly [Pair, Pair] {
  const { pad } = attrsOf(call);
  const first = isChannelsFirst(call) ? 2 : 1;
  return [pad[first] ?? [0, 0], pad[first + 1] ?? [0, 0]];
}

/** What TensorFlow means by SAME. */
function samePadding(size: number, kernel: number, stride: number, dilation: number): Pair {
  const reach = dilation * (kernel - 1) + 1;
  const all = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  return [Math.floor(all / 2), all - Math.floor(all / 2)];
}

/** By name where it has one: not every kernel takes explicit numbers. */
function paddingAttrs(call: LoweringCall, x: Shape, filter: Shape): NodeAttrs {
  const { strides, dilations } = attrsOf(call);
  const pads = padding(call);
  if (pads.flat().every((pad) => pad === 0)) return { padding: { string: 'VALID' } };
  const isSame = sides(call, x).every((size, dim) => {
    const same = samePadding(size, filter[dim] ?? 1, strides[dim] ?? 1, dilations[dim] ?? 1);
    return same.join() === pads[dim]?.join();
  });
  if (isSame) return { padding: { string: 'SAME' } };
  const explicit = [0, 0, ...pads.flat(), 0, 0];
  return { padding: { string: 'EXPLICIT' }, explicit_paddings: { ints: explicit } };
}

/** x is the side that the filter slides over, in the kernels that call it otherwise too. */
function convAttrs(call: LoweringCall, x: Shape, filter: Shape): NodeAttrs {
  const { strides, dilations } = attrsOf(call);
  return {
    ...ofType('float32'),
    ...paddingAttrs(call, x, filter),
    strides: { ints: [1, ...strides, 1] },
    dilations: { ints: [1, ...dilations, 1] },
    data_format: { string: 'NHWC' },
  };
}

const conv2d: Lower = (call) => {
  const { tf, input, name } = call;
  const filter = input('filter');
  const attrs = convAttrs(call, input('x').shape, filter.shape);
  const y = tf.add('Conv2D', [image(call, 'x'), name(filter)], attrs);
  return result(call, withEpilogue(call, y));
};

/** Undefined where TensorFlow's own kernel is the better one. */
function narrowOf(call: LoweringCall, dx: Shape): NarrowImage | undefined {
  const { strides, dilations } = attrsOf(call);
  const [top, left] = padding(call);
  const dyShape = call.input('dy').shape;
  const dy = isChannelsFirst(call) ? toNhwc.map((dim) => dyShape[dim] ?? 1) : dyShape;
  const filter = call.input('filter').shape;
  const narrow = { dx, filter, dy, strides, dilations, begin: [top[0], left[0]] } as const;
  return isNarrow(narrow) ? narrow : undefined;
}

const conv2dBackpropInput: Lower = (call) => {
  const { tf, input, name, output } = call;
  const filter = input('filter');
  const [n = 1, c = 1] = [output.shape[0], filter.shape[2]];
  const dxShape = [n, ...sides(call, output.shape), c];
  const narrow = narrowOf(call, dxShape);
  if (narrow) {
    const dx = narrowImage(tf, narrow, name(filter), image(call, 'dy'));
    return result(call, withEpilogue(call, dx));
  }
  const size = tf.integers(dxShape);
  const attrs = convAttrs(call, output.shape, filter.shape);
  const dx = tf.add('Conv2DBackpropInput', [size, name(filter), image(call, 'dy')], attrs);
  return result(call, withEpilogue(call, dx));
};

const conv2dBackpropFilter: Lower = (call) => {
  const { tf, input, output } = call;
  const size = tf.integers(output.shape);
  const attrs = convAttrs(call, input('x').shape, output.shape);
  return tf.add('Conv2DBackpropFilter', [image(call, 'x'), size, image(call, 'dy')], attrs);
};

export const convolutionLowerings: LoweringTable = {
  Conv2D: conv2d,
  FusedConv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  FusedConv2DBackpropInput: conv2dBackpropInput,
  Conv2DBackpropFilter: conv2dBackpropFilter,
};
