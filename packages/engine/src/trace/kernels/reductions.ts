/** Reductions over some axes. In the graph the axes are always a sorted list of plain dimensions. */
import type { ArgMaxAttrs, MaxAttrs, SumAttrs } from '@tensorflow/tfjs-core';
import type { DType } from '../../graph.ts';
import { normalAxes, reducedShape } from './axes.ts';
import type { KernelTable, RecordKernel } from './kernelTable.ts';

function reduction(resultType: (dtype: DType) => DType): RecordKernel {
  return (call) => {
    const x = call.input('x');
    const { axis, keepDims } = call.attrs as SumAttrs;
    const axes = normalAxes(axis, x.shape);
    return call.emit({
      inputs: { x },
      attrs: { axis: axes, keepDims },
      shape: reducedShape(x.shape, axes, keepDims),
      dtype: resultType(x.dtype),
    });
  };
}

const argReduction: RecordKernel = (call) => {
  const x = call.input('x');
  const axes = normalAxes((call.attrs as ArgMaxAttrs).axis, x.shape);
  const shape = reducedShape(x.shape, axes, false);
  return call.emit({ inputs: { x }, attrs: { axis: axes[0] }, shape, dtype: 'int32' });
};

const same = (dtype: DType): DType => dtype;
const countBools = (dtype: DType): DType => (dtype === 'bool' ? 'int32' : dtype);

export const reductionKernels: KernelTable = {
  Sum: reduction(countBools),
  Prod: reduction(countBools),
  Mean: reduction(() => 'float32'),
  Min: reduction(same),
  All: reduction(() => 'bool'),
  Any: reduction(() => 'bool'),
  ArgMax: argReduction,
  ArgMin: argReduction,

  // The only one whose axes have a name of their own.
  Max: (call) => {
    const x = call.input('x');
    const { reductionIndices, keepDims } = call.attrs as MaxAttrs;
    const axes = normalAxes(reductionIndices, x.shape);
    return call.emit({
      inputs: { x },
      attrs: { reductionIndices: axes, keepDims },
      shape: reducedShape(x.shape, axes, keepDims),
      dtype: x.dtype,
    });
  },
};
