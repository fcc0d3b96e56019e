/**
 * Where tfjs-node 4.22's kernels stop short of tfjs's own: gradients of a convolution with explicit
 * padding, in which every traced one is written; a method that tensors in Node lack; a dtype; attributes
 * that it takes for given.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  KernelConfig,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';

const backendName = 'tensorflow';

type Inputs = Readonly<Record<string, Tensor>>;
type Kernel = (inputs: Inputs, attrs: object) => Tensor;
type Padding = readonly [top: number, bottom: number, left: number, right: number];

/** Of a backend whose own kernels are registered. Once. */
export function repairTfjsNodeKernels(): void {
  replace(tf.Conv2DBackpropInput, (own) => (inputs, given) => {
    const attrs = given as Conv2DBackpropInputAttrs;
    const { inputShape, strides, dataFormat } = attrs;
    const [dy, filter] = [inputs['dy'] as Tensor4D, inputs['filter'] as Tensor4D];
    const pad = paddingThatItLacks(attrs, inputShape, filter.shape, dy.shape);
    if (typeof pad === 'string') return own(inputs, { ...attrs, pad });
    const [top, bottom, left, right] = pad;
    const [batch, height, width, channels] = inputShape;
    const padded = [batch, height + top + bottom, width + left + right, channels];
    const gradient = own(inputs, { strides, dataFormat, pad: 'valid', inputShape: padded });
    return tf.slice(gradient, [0, top, left, 0], inputShape);
  });

  replace(tf.Conv2DBackpropFilter, (own) => (inputs, given) => {
    const attrs = given as Conv2DBackpropFilterAttrs;
    const [dy, x] = [inputs['dy'] as Tensor4D, inputs['x'] as Tensor4D];
    const pad = paddingThatItLacks(attrs, x.shape, attrs.filterShape, dy.shape);
    if (typeof pad === 'string') return own(inputs, { ...attrs, pad });
    const [top, bottom, left, right] = pad;
    const padded = tf.pad4d(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    return own({ x: padded, dy }, { ...attrs, pad: 'valid' });
  });

  replace(tf.Prelu, () => ({ x, alpha }) => {
    const negative = tf.mul(alpha as Tensor, tf.minimum(x as Tensor, 0));
    return tf.add(tf.relu(x as Tensor), negative);
  });

  replace(tf.FloorDiv, (own) => (inputs, attrs) => tf.cast(own(inputs, attrs), 'int32'));

  const noMasks = Object.fromEntries(
    ['begin', 'end', 'ellipsis', 'newAxis', 'shrinkAxis'].map((name) => [`${name}Mask`, 0]),
  );
  replace(tf.StridedSlice, (own) => (inputs, attrs) => own(inputs, { ...noMasks, ...attrs }));
}

function replace(kernelName: string, make: (own: Kernel) => Kernel): void {
  const config = tf.getKernel(kernelName, backendName) as KernelConfig | undefined;
  if (!config) throw new Error(`tfjs-node has no kernel ${kernelName}`);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...config,
    kernelFunc: ({ inputs, attrs, backend }) =>
      tf.tidy(() => {
        const own: Kernel = (given, changed) =>
          config.kernelFunc({ inputs: { ...given }, attrs: { ...changed }, backend }) as Tensor;
        return make(own)(inputs as Inputs, attrs ?? {});
      }),
  });
}

/** Padding as tfjs-node's kernels take it; where they cannot, the numbers. */
function paddingThatItLacks(
  { pad, strides, dataFormat }: Conv2DBackpropInputAttrs | Conv2DBackpropFilterAttrs,
  input: [number, number, number, number],
  filter: [number, number, number, number],
  output: readonly number[],
): 'same' | 'valid' | Padding {
  if (!Array.isArray(pad) || dataFormat !== 'NHWC') return pad as 'same' | 'valid';
  const [, [top = 0, bottom = 0] = [], [left = 0, right = 0] = []] = pad;
  if (top + bottom + left + right === 0) return 'valid';
  const same = tf.backend_util.computeConv2DInfo(input, filter, strides, 1, 'same');
  const { padInfo, outShape } = same;
  const isSame = outShape.join() === output.join() && padInfo.top === top && padInfo.left === left;
  return isSame ? 'same' : [top, bottom, left, right];
}
