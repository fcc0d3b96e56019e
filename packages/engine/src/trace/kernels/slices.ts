/** Parts of tensors, padding, and joining: lists of tensors become slices and one Concat. */
import { slice_util, util } from '@tensorflow/tfjs-core';
import type {
  ConcatAttrs,
  MirrorPadAttrs,
  PackAttrs,
  PadV2Attrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs-core';
import type { GraphValue } from '../../graph.ts';
import { normalAxis } from './axes.ts';
import type { KernelCall, KernelTable } from './kernelTable.ts';
import { reshape } from './reshape.ts';

function slice(call: KernelCall, x: GraphValue, begin: number[], size: number[]): GraphValue {
  if (util.arraysEqual(size, x.shape as number[])) return x;
  return call.emit({
    kernel: 'Slice',
    inputs: { x },
    attrs: { begin, size },
    shape: size,
    dtype: x.dtype,
  });
}

/** Cuts `x` along one axis into pieces of these sizes. */
function split(call: KernelCall, x: GraphValue, sizes: readonly number[], axis: number) {
  let start = 0;
  return sizes.map((length) => {
    const begin = x.shape.map((_, dim) => (dim === axis ? start : 0));
    const size = x.shape.map((full, dim) => (dim === axis ? length : full));
    start += length;
    return slice(call, x, begin, size);
  });
}

function concat(call: KernelCall, inputs: readonly GraphValue[], axis: number): GraphValue {
  // tfjs drops empty tensors, which may even have another rank.
  const filled = inputs.filter((input) => util.sizeFromShape(input.shape as number[]) > 0);
  const [first, ...rest] = filled.length > 0 ? filled : inputs;
  if (!first) throw new Error('Concat needs at least one tensor');
  if (rest.length === 0) return first;
  const length = [first, ...rest].reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  return call.emit({
    kernel: 'Concat',
    inputs: { inputs: [first, ...rest] },
    attrs: { axis },
    shape: first.shape.map((size, dim) => (dim === axis ? length : size)),
    dtype: first.dtype,
  });
}

function padded({ shape }: GraphValue, paddings: readonly (readonly [number, number])[]) {
  return {
    shape: shape.map((size, dim) => {
      const [before, after] = paddings[dim] ?? [0, 0];
      return before + size + after;
    }),
    attrs: { paddings: paddings.map(([before, after]) => [before, after]) },
  };
}

export const sliceKernels: KernelTable = {
  Slice: (call) => {
    const x = call.input('x');
    const { begin, size } = call.attrs as SliceAttrs;
    const info = { shape: [...x.shape], dtype: x.dtype, dataId: {} };
    const [$begin, $size] = slice_util.parseSliceParams(info, begin, size) as [number[], number[]];
    slice_util.assertParamsValid(info, $begin, $size);
    return slice(call, x, $begin, $size);
  },

  StridedSlice: (call) => {
    const x = call.input('x');
    const attrs = call.attrs as StridedSliceAttrs;
    const info = slice_util.sliceInfo(
      x.shape as number[],
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const { begin, end, strides, finalShape } = info;
    if (strides.some((stride) => stride < 0)) {
      throw new Error('A strided slice that runs backwards cannot be traced; use tf.reverse.');
    }
    const size = slice_util.computeOutShape(begin, end, strides);
    const sliced = strides.every((stride) => stride === 1)
      ? slice(call, x, begin, size)
      : call.emit({
          inputs: { x },
          attrs: { begin, end, strides },
          shape: size,
          dtype: x.dtype,
        });
    return reshape(call, sliced, finalShape);
  },

  SplitV: (call) => {
    const x = call.input('x');
    const { numOrSizeSplits, axis } = call.attrs as SplitVAttrs;
    const dim = normalAxis(axis, x.shape.length);
    const full = x.shape[dim] ?? 0;
    if (typeof numOrSizeSplits === 'number') {
      const sizes = Array<number>(numOrSizeSplits).fill(full / numOrSizeSplits);
      return split(call, x, sizes, dim);
    }
    const known = numOrSizeSplits.reduce((sum, size) => sum + Math.max(size, 0), 0);
    const sizes = numOrSizeSplits.map((size) => (size === -1 ? full - known : size));
    return split(call, x, sizes, dim);
  },

  Unpack: (call) => {
    const value = call.input('value');
    const axis = normalAxis((call.attrs as UnpackAttrs).axis, value.shape.length);
    const shape = value.shape.filter((_, dim) => dim !== axis);
    const ones = Array<number>(value.shape[axis] ?? 0).fill(1);
    return split(call, value, ones, axis).map((piece) => reshape(call, piece, shape));
  },

  Pack: (call) => {
    const inputs = call.inputList();
    const rank = (inputs[0]?.shape.length ?? 0) + 1;
    const axis = normalAxis((call.attrs as PackAttrs).axis, rank);
    const expanded = inputs.map((input) =>
      reshape(call, input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)]),
    );
    return concat(call, expanded, axis);
  },

  Concat: (call) => {
    const inputs = call.inputList();
    const axis = normalAxis((call.attrs as ConcatAttrs).axis, inputs[0]?.shape.length ?? 0);
    return concat(call, inputs, axis);
  },

  PadV2: (call) => {
    const x = call.input('x');
    const { paddings, constantValue } = call.attrs as PadV2Attrs;
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    const { shape, attrs } = padded(x, paddings);
    return call.emit({
      inputs: { x },
      attrs: { ...attrs, constantValue },
      shape,
      dtype: x.dtype,
    });
  },

  MirrorPad: (call) => {
    const x = call.input('x');
    const { paddings, mode } = call.attrs as MirrorPadAttrs;
    const { shape, attrs } = padded(x, paddings);
    return call.emit({ inputs: { x }, attrs: { ...attrs, mode }, shape, dtype: x.dtype });
  },
};
