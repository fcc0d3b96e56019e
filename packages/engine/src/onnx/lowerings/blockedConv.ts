/**
 * Convolutions on images in blocked layout, by the kernels that ORT keeps for networks with constant
 * weights (operator domain com.microsoft.nchwc): a direct convolution, almost twice as fast as the
 * usual one. Here the weights are inputs, so their blocks are arranged by nodes of ours.
 *
 * This file has what the convolution and its two gradients share; b is the number of channels per
 * block. A convolution that these kernels cannot do gives undefined.
 */
import type { GraphValue } from '../../graph.ts';
import type { Shape } from '../../shape.ts';
import { blockedLayout, nchwLayout } from '../layouts.ts';
import type { Lowered, LoweringCall } from '../lowering.ts';
import type { OnnxAttributes } from '../modelProto.ts';
import { rearrange, reshape } from '../rearrange.ts';
import { convAttributes, isChannelsFirst, type Geometry, type Pair } from './convGeometry.ts';
import { epilogueOf } from './convNchw.ts';

export const wholeBlocks = (channels: number, b: number): boolean => channels % b === 0;

/** Whether an image of so many channels can be convolved: in blocks, or too few for one block. */
export const isOperand = (channels: number, b: number): boolean =>
  channels < b || wholeBlocks(channels, b);

/** The block size, where this node's images can be blocked at all. */
export const blockOf = (call: LoweringCall): number | undefined =>
  isChannelsFirst(call) ? undefined : call.channelBlock;

/** An image as these kernels take it: [N, C, H, W] in name, blocks in fact. Few channels stay nchw. */
export function blockedImage(call: LoweringCall, value: GraphValue, b: number): string {
  const [n = 1, h = 1, w = 1, c = 1] = value.shape;
  if (c < b) return call.inLayout(value, nchwLayout);
  const name = call.inLayout(value, blockedLayout(b));
  return reshape(call.onnx, name, [n, c / b, h, w, b], [n, c, h, w]);
}

/** [taps, C, F] -> the filter of a convolution from C to F channels. */
export function blockedFilter(
  { onnx }: LoweringCall,
  taps: string,
  [c, f]: readonly [number, number],
  kernel: Pair,
  b: number,
): string {
  const count = kernel[0] * kernel[1];
  const [from, to] = [
    [count, c, f],
    [f, c, ...kernel],
  ];
  return c < b
    ? rearrange(onnx, taps, { from, split: [count, c, f / b, b], perm: [2, 1, 0, 3], to })
    : rearrange(onnx, taps, {
        from,
        split: [count, c / b, b, f / b, b],
        perm: [3, 1, 0, 2, 4],
        to,
      });
}

/** The kernel itself, with the bias and the relu that simplify has fused into the node. */
export function convolve(
  call: LoweringCall,
  inputs: readonly [image: string, filter: string],
  attributes: OnnxAttributes,
): string {
  const { bias, relu } = epilogueOf(call);
  return call.onnx.add(
    'Conv',
    bias ? [...inputs, call.plain(bias)] : inputs,
    { ...attributes, group: { int: 1 }, ...(relu ? { activation: { string: 'Relu' } } : {}) },
    'com.microsoft.nchwc',
  );
}

/** y = Conv2D(x, w) */
export function blockedConv(call: LoweringCall, conv: Geometry): Lowered | undefined {
  const b = blockOf(call);
  const { batch, inChannels, outChannels, outputs, kernel } = conv;
  if (b === undefined || !isOperand(inChannels, b) || !wholeBlocks(outChannels, b)) {
    return undefined;
  }
  const { onnx, input, plain } = call;
  const filterValue = input('filter');
  const hwio: Shape = [kernel[0] * kernel[1], inChannels, outChannels];
  const taps = reshape(onnx, plain(filterValue), filterValue.shape, hwio);
  const filter = blockedFilter(call, taps, [inChannels, outChannels], kernel, b);
  const y = convolve(call, [blockedImage(call, input('x'), b), filter], convAttributes(conv));
  const from = [batch, outChannels, ...outputs];
  const name = reshape(onnx, y, from, [batch, outChannels / b, ...outputs, b]);
  return { name, layout: blockedLayout(b) };
}
