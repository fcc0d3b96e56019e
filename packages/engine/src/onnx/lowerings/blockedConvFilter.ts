/**
 * The gradient of a convolution by its filter, in blocked layout: a convolution again, of x with dy as
 * its filter, batch and channels swapped, stride and dilation swapped. Its result has as many pixels
 * as the filter has taps.
 */
import type { GraphValue } from '../../graph.ts';
import { blockedLayout, plainLayout } from '../layouts.ts';
import type { LoweringCall } from '../lowering.ts';
import { rearrange } from '../rearrange.ts';
import { blockOf, convolve, wholeBlocks } from './blockedConv.ts';
import { convAttributes, mapPair, type Geometry } from './convGeometry.ts';

/** x [N, H, W, I] as a batch of I images with N channels, in blocks. */
function swappedImage(call: LoweringCall, x: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  const { onnx } = call;
  const layout = blockedLayout(b);
  const isBlocked = wholeBlocks(c, b) && call.layoutsOf(x).some(({ name }) => name === layout.name);
  const [stored, blocks, width] = isBlocked ? [layout, c / b, b] : [plainLayout, 1, c];
  const from = isBlocked ? [n, blocks, h, w, b] : [n, h, w, c];
  // First a transpose of a matrix, which is fast; then whole blocks move.
  const pixels = rearrange(onnx, call.inLayout(x, stored), {
    from,
    split: [n, h * w * c],
    perm: [1, 0],
    to: [h * w * c, n],
  });
  return rearrange(onnx, pixels, {
    from: [h * w * c, n],
    split: [blocks, h * w, width, n / b, b],
    perm: [0, 2, 3, 1, 4],
    to: [c, n, h, w],
  });
}

/** dy [N, H', W', O] as the filter of a convolution from N to O channels. */
function swappedFilter(call: LoweringCall, dy: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, o = 1] = dy.shape;
  const blocked = call.inLayout(dy, blockedLayout(b));
  return rearrange(call.onnx, blocked, {
    from: [n, o / b, h, w, b],
    split: [n / b, b, o / b, h * w, b],
    perm: [2, 0, 3, 1, 4],
    to: [o, n, h, w],
  });
}

export function blockedConvFilter(call: LoweringCall, conv: Geometry): string | undefined {
  const b = blockOf(call);
  const { batch, inChannels, outChannels, kernel, strides, dilations, begin, end, outputs } = conv;
  if (b === undefined || !wholeBlocks(batch, b) || !wholeBlocks(outChannels, b)) return undefined;
  const { onnx } = call;
  const swapped = { kernel: outputs, strides: dilations, dilations: strides, begin, end };
  const dw = convolve(
    call,
    [swappedImage(call, call.input('x'), b), swappedFilter(call, call.input('dy'), b)],
    convAttributes(swapped),
  );
  // One pixel for each tap, and some more where the strides left something over.
  const full = mapPair((dim) => {
    const span = conv.sides[dim] + begin[dim] + end[dim] - strides[dim] * (outputs[dim] - 1) - 1;
    return Math.floor(span / dilations[dim]) + 1;
  });
  const isWhole = full[0] === kernel[0] && full[1] === kernel[1];
  const hwio = rearrange(onnx, dw, {
    from: [inChannels, outChannels, ...full],
    split: [inChannels, outChannels / b, ...full, b],
    perm: [2, 3, 0, 1, 4],
    to: [...full, inChannels, outChannels],
  });
  if (isWhole) return hwio;
  return onnx.add('Slice', [
    hwio,
    onnx.integers([0, 0]),
    onnx.integers(kernel),
    onnx.integers([0, 1]),
  ]);
}
