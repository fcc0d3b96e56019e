/**
 * Convolutions on images in blocked layout, by the kernels that ORT keeps for networks with constant
 * weights (operator domain com.microsoft.nchwc): a direct convolution, almost twice as fast as the
 * usual one. Here the weights are inputs, so their blocks are arranged by nodes of ours.
 *
 * b: channels per block. A convolution that these kernels cannot do gives undefined.
 */
import { blockedLayout, nchwLayout, plainLayout } from '../layouts.ts';
import type { Lowered, LoweringCall } from '../lowering.ts';
import type { GraphValue } from '../../graph.ts';
import {
  convAttributes,
  isChannelsFirst,
  mapPair,
  type Geometry,
  type Pair,
} from './convGeometry.ts';
import { epilogueOf } from './convNchw.ts';

const domain = 'com.microsoft.nchwc';

type Shape = readonly number[];

const reshape = ({ onnx }: LoweringCall, x: string, shape: Shape): string =>
  onnx.add('Reshape', [x, onnx.integers(shape)]);

const transpose = ({ onnx }: LoweringCall, x: string, perm: Shape): string =>
  onnx.add('Transpose', [x], { perm: { ints: perm } });

/** Reshape to `split`, move dimensions, reshape to `shape`. */
const rearrange = (
  call: LoweringCall,
  x: string,
  split: Shape,
  perm: Shape,
  shape: Shape,
): string => reshape(call, transpose(call, reshape(call, x, split), perm), shape);

/** An image as these kernels take it: [N, C, H, W] in name, blocks in fact. Few channels stay nchw. */
function image(call: LoweringCall, value: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, c = 1] = value.shape;
  if (c < b) return call.inLayout(value, nchwLayout);
  return reshape(call, call.inLayout(value, blockedLayout(b)), [n, c, h, w]);
}

const wholeBlocks = (channels: number, b: number): boolean => channels % b === 0;
const isOperand = (channels: number, b: number): boolean =>
  channels < b || wholeBlocks(channels, b);

/** The block size, where this node's images can be blocked at all. */
const blockOf = (call: LoweringCall): number | undefined =>
  isChannelsFirst(call) ? undefined : call.channelBlock;

/** [taps, C, F] -> the filter of a convolution from C to F channels. */
function arrangeFilter(
  call: LoweringCall,
  taps: string,
  c: number,
  f: number,
  kernel: Pair,
  b: number,
) {
  const count = kernel[0] * kernel[1];
  const shape = [f, c, ...kernel];
  return c < b
    ? rearrange(call, taps, [count, c, f / b, b], [2, 1, 0, 3], shape)
    : rearrange(call, taps, [count, c / b, b, f / b, b], [3, 1, 0, 2, 4], shape);
}

function conv(call: LoweringCall, inputs: readonly string[], attributes: object): string {
  const { bias, relu } = epilogueOf(call);
  return call.onnx.add(
    'Conv',
    bias ? [...inputs, call.plain(bias)] : inputs,
    { ...attributes, group: { int: 1 }, ...(relu ? { activation: { string: 'Relu' } } : {}) },
    domain,
  );
}

export function convBlocked(call: LoweringCall, geo: Geometry): Lowered | undefined {
  const b = blockOf(call);
  const { batch, inChannels, outChannels, outputs, kernel } = geo;
  if (b === undefined || !isOperand(inChannels, b) || !wholeBlocks(outChannels, b))
    return undefined;
  const taps = reshape(call, call.plain(call.input('filter')), [
    kernel[0] * kernel[1],
    inChannels,
    outChannels,
  ]);
  const filter = arrangeFilter(call, taps, inChannels, outChannels, kernel, b);
  const y = conv(call, [image(call, call.input('x'), b), filter], convAttributes(geo));
  const name = reshape(call, y, [batch, outChannels / b, ...outputs, b]);
  return { name, layout: blockedLayout(b) };
}

/**
 * One dimension of the gradient by the image, for the pixels stride * r + phase, r < rows:
 *
 *   dx[stride * r + phase] = sum over j of dy[r + shift - j] * w[first + stride * j]
 *
 * a convolution of stride 1 with every stride-th tap, in reverse.
 */
interface Phase {
  readonly taps: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function phasesOf(geo: Geometry, dim: 0 | 1): readonly Phase[] {
  const [stride, kernel, pad] = [geo.strides[dim], geo.kernel[dim], geo.begin[dim]];
  const rows = Math.ceil(geo.sides[dim] / stride);
  return Array.from({ length: stride }, (_, phase) => {
    const first = (phase + pad) % stride;
    const shift = (phase + pad - first) / stride;
    const count = Math.max(0, Math.ceil((kernel - first) / stride));
    const taps = Array.from({ length: count }, (_, j) => first + stride * (count - 1 - j));
    return { taps, begin: count - 1 - shift, end: rows + shift - geo.outputs[dim] };
  });
}

const isConvolution = ({ taps, begin, end }: Phase): boolean =>
  taps.length > 0 && begin >= 0 && end >= 0;

export function convInputBlocked(call: LoweringCall, geo: Geometry): Lowered | undefined {
  const b = blockOf(call);
  const { batch, inChannels, outChannels, sides, kernel, strides, dilations } = geo;
  if (b === undefined || !wholeBlocks(inChannels, b) || !isOperand(outChannels, b))
    return undefined;
  const [vertical, horizontal] = [phasesOf(geo, 0), phasesOf(geo, 1)];
  if (dilations.some((n) => n !== 1) || ![...vertical, ...horizontal].every(isConvolution)) {
    return undefined;
  }
  const { onnx } = call;
  const hwio = [kernel[0] * kernel[1], inChannels, outChannels];
  const allTaps = transpose(call, reshape(call, call.plain(call.input('filter')), hwio), [0, 2, 1]); // [taps, O, I]
  const dy = image(call, call.input('dy'), b);
  const rows = mapPair((dim) => Math.ceil(sides[dim] / strides[dim]));
  const blocks = [batch, inChannels / b];

  const convolvePhase = (v: Phase, h: Phase): string => {
    const indices = v.taps.flatMap((i) => h.taps.map((j) => i * kernel[1] + j));
    const taps = onnx.add('Gather', [allTaps, onnx.integers(indices)], { axis: { int: 0 } });
    const size: Pair = [v.taps.length, h.taps.length];
    const attributes = convAttributes({
      kernel: size,
      strides: [1, 1],
      dilations: [1, 1],
      begin: [v.begin, h.begin],
      end: [v.end, h.end],
    });
    return conv(
      call,
      [dy, arrangeFilter(call, taps, outChannels, inChannels, size, b)],
      attributes,
    );
  };
  /** Lays tensors of this shape side by side along a new dimension. */
  const interleave = (parts: readonly string[], shape: Shape, axis: number): string => {
    const views = parts.map((part) => reshape(call, part, shape.toSpliced(axis, 0, 1)));
    return views.length === 1 && views[0] !== undefined
      ? views[0]
      : onnx.add('Concat', views, { axis: { int: axis } });
  };
  const columns = rows[1] * strides[1];
  const lines = vertical.map((v) =>
    interleave(
      horizontal.map((h) => convolvePhase(v, h)),
      [...blocks, ...rows, b],
      4,
    ),
  ); // [N, I/b, rows, columns / stride, stride, b] each
  const all = reshape(call, interleave(lines, [...blocks, rows[0], columns, b], 3), [
    ...blocks,
    rows[0] * strides[0],
    columns,
    b,
  ]);
  const cut = mapPair((dim) => sides[dim] - rows[dim] * strides[dim]).some((n) => n !== 0);
  const name = cut
    ? onnx.add('Slice', [all, onnx.integers([0, 0]), onnx.integers(sides), onnx.integers([2, 3])])
    : all;
  return { name, layout: blockedLayout(b) };
}

/** x [N, H, W, I] as a batch of I images with N channels, in blocks. */
function swappedImage(call: LoweringCall, x: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  const layout = blockedLayout(b);
  const blocked = wholeBlocks(c, b) && call.layoutsOf(x).some(({ name }) => name === layout.name);
  // First a transpose of a matrix, which is fast; then whole blocks move.
  const [stored, cBlocks, width] = blocked ? [layout, c / b, b] : [plainLayout, 1, c];
  const pixels = transpose(call, reshape(call, call.inLayout(x, stored), [n, h * w * c]), [1, 0]);
  return rearrange(call, pixels, [cBlocks, h * w, width, n / b, b], [0, 2, 3, 1, 4], [c, n, h, w]);
}

/** dy [N, H', W', O] as the filter of a convolution from N to O channels. */
function swappedFilter(call: LoweringCall, dy: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, o = 1] = dy.shape;
  const blocked = call.inLayout(dy, blockedLayout(b));
  const split = [n / b, b, o / b, h * w, b];
  return rearrange(call, blocked, split, [2, 0, 3, 1, 4], [o, n, h, w]);
}

export function convFilterBlocked(call: LoweringCall, geo: Geometry): string | undefined {
  const b = blockOf(call);
  const { batch, inChannels, outChannels, kernel, strides, dilations, begin, end, outputs } = geo;
  if (b === undefined || !wholeBlocks(batch, b) || !wholeBlocks(outChannels, b)) return undefined;
  const inputs = [swappedImage(call, call.input('x'), b), swappedFilter(call, call.input('dy'), b)];
  const attributes = convAttributes({
    kernel: outputs,
    strides: dilations,
    dilations: strides,
    begin,
    end,
  });
  // One output pixel for each tap of the filter, and some that the strides left over.
  const full = mapPair((dim) => {
    const span = geo.sides[dim] + begin[dim] + end[dim] - strides[dim] * (outputs[dim] - 1) - 1;
    return Math.floor(span / dilations[dim]) + 1;
  });
  const dw = conv(call, inputs, attributes);
  const hwio = transpose(
    call,
    reshape(call, dw, [inChannels, outChannels / b, ...full, b]),
    [2, 3, 0, 1, 4],
  );
  const { onnx } = call;
  const cut = full.some((n, dim) => n !== kernel[dim as 0 | 1])
    ? onnx.add('Slice', [hwio, onnx.integers([0, 0]), onnx.integers(kernel), onnx.integers([0, 1])])
    : hwio;
  return reshape(call, cut, [...kernel, inChannels, outChannels]);
}
