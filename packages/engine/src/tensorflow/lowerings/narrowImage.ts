/**
 * The gradient of a convolution by its image, where the image has few channels; also a transposed
 * convolution to a picture. TensorFlow's own kernels calculate for whole vectors of channels.
 *
 * With stride s, the pixels of dx that lie s apart depend on every s-th tap of the filter. So dx, cut into
 * s * s phases, is one convolution of dy with stride 1, with the phases as its channels. In one
 * dimension, with the padding as a part of dx:
 *
 *   dx[s q + phase] = sum over j of dy[q - j] * w[phase + s j]
 */
import { sameShape, type Shape } from '../../shape.ts';
import type { NodeAttr } from '../graphDef.ts';
import type { GraphDefBuilder } from '../graphDefBuilder.ts';
import { ofType } from '../lowering.ts';

type Pair = readonly [number, number];

export interface NarrowImage {
  /** [N, H, W, C] */
  readonly dx: Shape;
  /** [h, w, C, F] */
  readonly filter: Shape;
  /** [N, H', W', F] */
  readonly dy: Shape;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Rows and columns of zeros before dx. */
  readonly begin: Pair;
}

const float = ofType('float32');

/** As many channels as the phases may have together; with more, the kernels fill their vectors by themselves. */
const widest = 32;

interface Dimension {
  readonly stride: number;
  /** Taps of each phase. */
  readonly taps: number;
  /** Pixels of each phase. */
  readonly pixels: number;
  /** Rows of zeros around dy. */
  readonly pad: Pair;
}

function dimensionOf({ dx, filter, dy, strides, begin }: NarrowImage, dim: 0 | 1): Dimension {
  const [stride, size = 1, kernel = 1] = [strides[dim], dx[dim + 1], filter[dim]];
  const taps = Math.ceil(kernel / stride);
  const pixels = Math.ceil((begin[dim] + size) / stride);
  return { stride, taps, pixels, pad: [taps - 1, pixels - (dy[dim + 1] ?? 1)] };
}

export function isNarrow(conv: NarrowImage): boolean {
  const [h, w] = conv.strides;
  const channels = conv.dx[3] ?? 1;
  return (
    h * w > 1 &&
    channels * h * w <= widest &&
    conv.dilations.every((dilation) => dilation === 1) &&
    ([0, 1] as const).every((dim) => dimensionOf(conv, dim).pad[1] >= 0)
  );
}

const integers = (values: readonly number[]): NodeAttr => ({ ints: values });
const index: NodeAttr = { type: 'int32' };

function pad(tf: GraphDefBuilder, x: string, after: readonly number[]): string {
  const pads = tf.constant(
    'int32',
    [after.length, 2],
    Int32Array.from(after.flatMap((n) => [0, n])),
  );
  return tf.add('Pad', [x, pads], { ...float, Tpaddings: index });
}

const reshape = (tf: GraphDefBuilder, x: string, shape: Shape): string =>
  tf.add('Reshape', [x, tf.integers(shape)], { ...float, Tshape: index });

const transpose = (tf: GraphDefBuilder, x: string, perm: readonly number[]): string =>
  tf.add('Transpose', [x, tf.integers(perm)], { ...float, Tperm: index });

/** [h, w, C, F] -> [taps, taps, F, phases * C], each phase's taps backwards. */
function phaseFilter(
  tf: GraphDefBuilder,
  filter: string,
  [kh = 1, kw = 1, c = 1, f = 1]: Shape,
  [y, x]: readonly [Dimension, Dimension],
): string {
  const after = [y.taps * y.stride - kh, x.taps * x.stride - kw, 0, 0];
  const whole = after.some((n) => n > 0) ? pad(tf, filter, after) : filter;
  const split = reshape(tf, whole, [y.taps, y.stride, x.taps, x.stride, c, f]);
  const backwards = tf.add('ReverseV2', [split, tf.integers([0, 2])], { ...float, Tidx: index });
  const sorted = transpose(tf, backwards, [0, 2, 5, 1, 3, 4]);
  return reshape(tf, sorted, [y.taps, x.taps, f, y.stride * x.stride * c]);
}

/** Names of the filter and of dy -> name of dx. */
export function narrowImage(
  tf: GraphDefBuilder,
  conv: NarrowImage,
  filter: string,
  dy: string,
): string {
  const dims = [dimensionOf(conv, 0), dimensionOf(conv, 1)] as const;
  const [y, x] = dims;
  const [n = 1, height = 1, width = 1, c = 1] = conv.dx;
  const phases = tf.add('Conv2D', [dy, phaseFilter(tf, filter, conv.filter, dims)], {
    ...float,
    strides: integers([1, 1, 1, 1]),
    dilations: integers([1, 1, 1, 1]),
    data_format: { string: 'NHWC' },
    padding: { string: 'EXPLICIT' },
    explicit_paddings: integers([0, 0, ...y.pad, ...x.pad, 0, 0]),
  });
  const split = reshape(tf, phases, [n, y.pixels, x.pixels, y.stride, x.stride, c]);
  const full = [n, y.pixels * y.stride, x.pixels * x.stride, c];
  const image = reshape(tf, transpose(tf, split, [0, 1, 3, 2, 4, 5]), full);
  if (sameShape(full, conv.dx)) return image;
  const inputs = [image, tf.integers([0, ...conv.begin, 0]), tf.integers([n, height, width, c])];
  return tf.add('Slice', inputs, { ...float, Index: index });
}
