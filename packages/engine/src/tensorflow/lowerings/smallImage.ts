/**
 * Convolutions whose results have few pixels, as products of matrices: each pixel's patch of the image is a row. The
 * kernels for convolutions work along rows of pixels, and have nothing to work along here; and they bring
 * the filter, which is large then, into another order each time.
 */
import type { Shape } from '../../shape.ts';
import type { NodeAttr, NodeAttrs } from '../graphDef.ts';
import type { GraphDefBuilder } from '../graphDefBuilder.ts';
import { ofType } from '../lowering.ts';

type Pair = readonly [number, number];

export interface SmallImage {
  /** [N, H, W, C] */
  readonly x: Shape;
  /** [h, w, C, F] */
  readonly filter: Shape;
  /** [N, H', W', F] */
  readonly y: Shape;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: NodeAttrs;
  /** Rows and columns of zeros before x. */
  readonly begin: Pair;
}

const float = ofType('float32');
const index: NodeAttr = { type: 'int32' };

/** Pixels of a result up to which this is faster, and channels on both sides from which on. */
const [fewPixels, manyChannels] = [4, 128];

export function isSmall({ filter, y, padding }: SmallImage): boolean {
  const [, height = 1, width = 1] = y;
  const [, , inputs = 1, outputs = 1] = filter;
  const isNamed = !('explicit_paddings' in padding);
  return isNamed && height * width <= fewPixels && Math.min(inputs, outputs) >= manyChannels;
}

const reshape = (tf: GraphDefBuilder, x: string, shape: Shape): string =>
  tf.add('Reshape', [x, tf.integers(shape)], { ...float, Tshape: index });

const matMul = (tf: GraphDefBuilder, a: string, b: string, transposed?: 'a' | 'b'): string =>
  tf.add('MatMul', [a, b], {
    ...float,
    transpose_a: { bool: transposed === 'a' },
    transpose_b: { bool: transposed === 'b' },
  });

const pixelsOf = ({ y: [n = 1, height = 1, width = 1] }: SmallImage): number => n * height * width;
const tapsOf = ({ filter: [h = 1, w = 1, c = 1] }: SmallImage): number => h * w * c;

/** [pixels of y, taps of the filter] */
function patches(tf: GraphDefBuilder, conv: SmallImage, x: string): string {
  const { filter, strides, dilations, padding } = conv;
  const pair = ([a, b]: readonly number[]): NodeAttr => ({ ints: [1, a ?? 1, b ?? 1, 1] });
  const found = tf.add('ExtractImagePatches', [x], {
    ...float,
    ...padding,
    ksizes: pair(filter),
    strides: pair(strides),
    rates: pair(dilations),
  });
  return reshape(tf, found, [pixelsOf(conv), tapsOf(conv)]);
}

/** y, from the names of x and the filter. */
export function smallConv(
  tf: GraphDefBuilder,
  conv: SmallImage,
  x: string,
  filter: string,
): string {
  const matrix = reshape(tf, filter, [tapsOf(conv), conv.filter[3] ?? 1]);
  return reshape(tf, matMul(tf, patches(tf, conv, x), matrix), conv.y);
}

/** The gradient by the filter, from the names of x and dy. */
export function smallConvFilter(
  tf: GraphDefBuilder,
  conv: SmallImage,
  x: string,
  dy: string,
): string {
  const rows = reshape(tf, dy, [pixelsOf(conv), conv.filter[3] ?? 1]);
  return reshape(tf, matMul(tf, patches(tf, conv, x), rows, 'a'), conv.filter);
}

/** The gradient by the image, from the names of the filter and dy: patches, added where they lie. */
export function smallConvInput(
  tf: GraphDefBuilder,
  conv: SmallImage,
  filter: string,
  dy: string,
): string {
  const [n = 1, height = 1, width = 1, c = 1] = conv.x;
  const [, , , f = 1] = conv.filter;
  const rows = reshape(tf, dy, [pixelsOf(conv), f]);
  const matrix = reshape(tf, filter, [tapsOf(conv), f]);
  const places = placesOf(conv);
  const found = reshape(tf, matMul(tf, rows, matrix, 'b'), [n, places.length, c]);
  const sum = new Float32Array(height * width * places.length);
  for (const [from, to] of places.entries()) {
    if (to !== undefined) sum[to * places.length + from] = 1;
  }
  const matrixOfSum = tf.constant('float32', [1, height * width, places.length], sum);
  const added = tf.add('BatchMatMulV2', [matrixOfSum, found], {
    ...float,
    adj_x: { bool: false },
    adj_y: { bool: false },
  });
  return reshape(tf, added, conv.x);
}

/** Where in x each tap of each pixel of y lies; undefined for what lies in the padding. */
function placesOf({ x, y, filter, strides, dilations, begin }: SmallImage): (number | undefined)[] {
  const [, height = 1, width = 1] = x;
  const along = (dim: 0 | 1, pixel: number, tap: number): number =>
    pixel * strides[dim] + tap * dilations[dim] - begin[dim];
  const upTo = (count = 1): number[] => [...Array(count).keys()];
  return upTo(y[1]).flatMap((py) =>
    upTo(y[2]).flatMap((px) =>
      upTo(filter[0]).flatMap((ty) =>
        upTo(filter[1]).map((tx) => {
          const [row, column] = [along(0, py, ty), along(1, px, tx)];
          const inside = row >= 0 && row < height && column >= 0 && column < width;
          return inside ? row * width + column : undefined;
        }),
      ),
    ),
  );
}
