/**
 * The gradient of a convolution by its image, in blocked layout; also what a transposed convolution is.
 *
 * With stride s, the pixels of dx that lie s apart depend on every s-th tap of the filter. So dx falls
 * into s * s phases, each an ordinary convolution of dy with its own taps: no multiplication by zeros.
 * In one dimension, for r < rows:
 *
 *   dx[s r + phase] = sum over j of dy[r + shift - j] * w[first + s j]
 */
import { blockedLayout } from '../layouts.ts';
import type { Lowered, LoweringCall } from '../lowering.ts';
import { rearrange, reshape } from '../rearrange.ts';
import {
  blockedFilter,
  blockedImage,
  blockOf,
  convolve,
  isOperand,
  wholeBlocks,
} from './blockedConv.ts';
import { convAttributes, mapPair, type Geometry, type Pair } from './convGeometry.ts';

interface Phase {
  /** In the order of a convolution: backwards. */
  readonly taps: readonly number[];
  /** Padding of dy. */
  readonly begin: number;
  readonly end: number;
}

function phasesOf(conv: Geometry, dim: 0 | 1): readonly Phase[] {
  const [stride, kernel, pad] = [conv.strides[dim], conv.kernel[dim], conv.begin[dim]];
  const rows = Math.ceil(conv.sides[dim] / stride);
  return Array.from({ length: stride }, (_, phase) => {
    const first = (phase + pad) % stride;
    const shift = (phase + pad - first) / stride;
    const count = Math.max(0, Math.ceil((kernel - first) / stride));
    const taps = Array.from({ length: count }, (_, j) => first + stride * (count - 1 - j));
    return { taps, begin: count - 1 - shift, end: rows + shift - conv.outputs[dim] };
  });
}

const isConvolution = ({ taps, begin, end }: Phase): boolean =>
  taps.length > 0 && begin >= 0 && end >= 0;

/**
 * Lays the phases between each other: [strides, pixels, b] -> [rows, strides[0], columns, strides[1], b]
 * for each image and block of channels. One dimension moves at a time, which ORT does fast.
 */
function interleave(
  { onnx }: LoweringCall,
  phases: readonly string[],
  { batch, inChannels, strides }: Geometry,
  [rows, columns]: Pair,
  b: number,
): string {
  const blocks = inChannels / b;
  const [height, width] = [rows * strides[0], columns * strides[1]];
  const to = [batch, blocks, height, width, b];
  const [only] = phases;
  if (phases.length === 1 && only !== undefined) {
    return reshape(onnx, only, [batch, inChannels, rows, columns], to);
  }
  const stacked = onnx.add('Concat', phases, { axis: { int: 1 } });
  const lines = rearrange(onnx, stacked, {
    from: [batch, phases.length * inChannels, rows, columns],
    split: [batch, strides[0], strides[1], blocks, rows, columns, b],
    perm: [0, 1, 3, 4, 5, 2, 6],
    to: [batch, strides[0], blocks, rows, width * b],
  });
  return rearrange(onnx, lines, {
    from: [batch, strides[0], blocks, rows, width * b],
    split: [batch, strides[0], blocks, rows, width * b],
    perm: [0, 2, 3, 1, 4],
    to,
  });
}

export function blockedConvInput(call: LoweringCall, conv: Geometry): Lowered | undefined {
  const b = blockOf(call);
  const { inChannels, outChannels, sides, kernel, strides, dilations } = conv;
  if (b === undefined || !wholeBlocks(inChannels, b) || !isOperand(outChannels, b)) {
    return undefined;
  }
  const [vertical, horizontal] = [phasesOf(conv, 0), phasesOf(conv, 1)];
  if (dilations.some((n) => n !== 1) || ![...vertical, ...horizontal].every(isConvolution)) {
    return undefined;
  }
  const { onnx, input, plain } = call;
  const filter = input('filter');
  const allTaps = rearrange(onnx, plain(filter), {
    from: filter.shape,
    split: [kernel[0] * kernel[1], inChannels, outChannels],
    perm: [0, 2, 1],
    to: [kernel[0] * kernel[1], outChannels, inChannels],
  });
  const dy = blockedImage(call, input('dy'), b);

  const convolvePhase = (v: Phase, h: Phase): string => {
    const indices = v.taps.flatMap((i) => h.taps.map((j) => i * kernel[1] + j));
    const taps = onnx.add('Gather', [allTaps, onnx.integers(indices)], { axis: { int: 0 } });
    const size: Pair = [v.taps.length, h.taps.length];
    const weights = blockedFilter(call, taps, [outChannels, inChannels], size, b);
    const attributes = convAttributes({
      kernel: size,
      strides: [1, 1],
      dilations: [1, 1],
      begin: [v.begin, h.begin],
      end: [v.end, h.end],
    });
    return convolve(call, [dy, weights], attributes);
  };

  const phases = vertical.flatMap((v) => horizontal.map((h) => convolvePhase(v, h)));
  const rows = mapPair((dim) => Math.ceil(sides[dim] / strides[dim]));
  const whole = interleave(call, phases, conv, rows, b);
  const isWhole = mapPair((dim) => rows[dim] * strides[dim] - sides[dim]).every((n) => n === 0);
  const name = isWhole
    ? whole
    : onnx.add('Slice', [
        whole,
        onnx.integers([0, 0]),
        onnx.integers(sides),
        onnx.integers([2, 3]),
      ]);
  return { name, layout: blockedLayout(b) };
}
