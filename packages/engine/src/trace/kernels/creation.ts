/** Kernels that make tensors of known values, and Cast. */
import type { CastAttrs, FillAttrs, LinSpaceAttrs, RangeAttrs } from '@tensorflow/tfjs-core';
import type { DType } from '../../graph.ts';
import { graphDType } from '../dtype.ts';
import type { KernelNode, KernelTable } from './kernelTable.ts';

/** All elements the same. */
export const filled = (shape: readonly number[], value: number, dtype: DType): KernelNode => ({
  kernel: 'Fill',
  inputs: {},
  attrs: { shape: [...shape], value, dtype },
  shape,
  dtype,
});

function sequence(length: number, start: number, step: number, dtype: 'float32' | 'int32') {
  const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  // Each from the one before, rounded: the values that tfjs's own kernels give.
  for (let i = 0; i < length; i++) values[i] = i === 0 ? start : (values[i - 1] ?? 0) + step;
  return values;
}

export const creationKernels: KernelTable = {
  Fill: (call) => {
    const { shape, value, dtype } = call.attrs as FillAttrs;
    return call.emit(filled(shape, Number(value), graphDType(dtype)));
  },

  ZerosLike: (call) => {
    const x = call.input('x');
    return call.emit(filled(x.shape, 0, x.dtype));
  },

  OnesLike: (call) => {
    const x = call.input('x');
    return call.emit(filled(x.shape, 1, x.dtype));
  },

  Range: (call) => {
    const { start, stop, step, dtype } = call.attrs as RangeAttrs;
    const runsAway = (start < stop && step < 0) || (stop < start && step > 1);
    const length = start === stop || runsAway ? 0 : Math.abs(Math.ceil((stop - start) / step));
    // As tfjs: a descending range needs no negative step of the caller's.
    const $step = stop < start && step === 1 ? -1 : step;
    return call.constant(sequence(length, start, $step, dtype), [length], dtype);
  },

  LinSpace: (call) => {
    const { start, stop, num } = call.attrs as LinSpaceAttrs;
    const step = (stop - start) / (num - 1);
    return call.constant(sequence(num, start, step, 'float32'), [num], 'float32');
  },

  Cast: (call) => {
    const x = call.input('x');
    const dtype = graphDType((call.attrs as CastAttrs).dtype);
    if (dtype === x.dtype) return x;
    return call.emit({ inputs: { x }, attrs: { dtype }, shape: x.shape, dtype });
  },
};
