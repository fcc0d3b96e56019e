/**
 * Convolutions and their gradients, on images [N, H, W, C]: the one layout that TensorFlow's kernels for
 * processors all know. Images [N, C, H, W] are turned around before and after.
 */
import type { Shape } from '../../shape.ts';
import { ofType, type Lower, type LoweringCall, type LoweringTable } from '../lowering.ts';
import {
  attrsOf,
  convAttrs,
  isChannelsFirst,
  nhwc,
  padding,
  paddingAttrs,
  sides,
  toNchw,
  toNhwc,
} from './convGeometry.ts';
import { withEpilogue } from './matMul.ts';
import { isNarrow, narrowImage, type NarrowImage } from './narrowImage.ts';
import {
  isSmall,
  smallConv,
  smallConvFilter,
  smallConvInput,
  type SmallImage,
} from './smallImage.ts';

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

/** Undefined where TensorFlow's own kernels are the better ones. */
function smallOf(call: LoweringCall, x: Shape, filter: Shape, y: Shape): SmallImage | undefined {
  const { strides, dilations } = attrsOf(call);
  const shapes = { x: nhwc(call, x), filter, y: nhwc(call, y) };
  const [top, left] = padding(call);
  const begin = [top[0], left[0]] as const;
  const named = paddingAttrs(call, x, filter);
  const small = { ...shapes, strides, dilations, padding: named, begin };
  return isSmall(small) ? small : undefined;
}

const conv2d: Lower = (call) => {
  const { tf, input, name, output } = call;
  const filter = input('filter');
  const small = smallOf(call, input('x').shape, filter.shape, output.shape);
  if (small) {
    const y = smallConv(tf, small, image(call, 'x'), name(filter));
    return result(call, withEpilogue(call, y));
  }
  const attrs = convAttrs(call, input('x').shape, filter.shape);
  const y = tf.add('Conv2D', [image(call, 'x'), name(filter)], attrs);
  return result(call, withEpilogue(call, y));
};

/** Undefined where TensorFlow's own kernel is the better one. */
function narrowOf(call: LoweringCall, dx: Shape): NarrowImage | undefined {
  const { strides, dilations } = attrsOf(call);
  const [top, left] = padding(call);
  const dy = nhwc(call, call.input('dy').shape);
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
  const small = smallOf(call, output.shape, filter.shape, call.input('dy').shape);
  if (small) {
    const dx = smallConvInput(tf, small, name(filter), image(call, 'dy'));
    return result(call, withEpilogue(call, dx));
  }
  const size = tf.integers(dxShape);
  const attrs = convAttrs(call, output.shape, filter.shape);
  const dx = tf.add('Conv2DBackpropInput', [size, name(filter), image(call, 'dy')], attrs);
  return result(call, withEpilogue(call, dx));
};

const conv2dBackpropFilter: Lower = (call) => {
  const { tf, input, output } = call;
  const small = smallOf(call, input('x').shape, output.shape, input('dy').shape);
  if (small) return smallConvFilter(tf, small, image(call, 'x'), image(call, 'dy'));
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
