/** Choosing by condition or by index. */
import { backend_util } from '@tensorflow/tfjs-core';
import type { GatherV2Attrs, OneHotAttrs, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { DType, GraphValue } from '../../graph.ts';
import { normalAxis } from './axes.ts';
import type { KernelTable } from './kernelTable.ts';

const info = ({ shape, dtype }: GraphValue) => ({ shape: [...shape], dtype, dataId: {} });

export const indexingKernels: KernelTable = {
  /** tf.where has broadcast the three to one shape; a condition of rank 1 may choose whole rows. */
  Select: (call) => {
    const [condition, t, e] = [call.input('condition'), call.input('t'), call.input('e')];
    return call.emit({
      inputs: { condition, t, e },
      shape: t.shape,
      dtype: t.dtype === 'float32' || e.dtype === 'float32' ? 'float32' : t.dtype,
    });
  },

  GatherV2: (call) => {
    const [x, indices] = [call.input('x'), call.input('indices')];
    const { axis, batchDims } = call.attrs as GatherV2Attrs;
    const dim = normalAxis(axis, x.shape.length);
    const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
      info(x),
      info(indices),
      dim,
      batchDims ?? 0,
    );
    return call.emit({
      inputs: { x, indices },
      attrs: { axis: dim, batchDims: batchDims ?? 0 },
      shape: outputShape,
      dtype: x.dtype,
    });
  },

  UnsortedSegmentSum: (call) => {
    const [x, segmentIds] = [call.input('x'), call.input('segmentIds')];
    const { numSegments } = call.attrs as UnsortedSegmentSumAttrs;
    return call.emit({
      inputs: { x, segmentIds },
      attrs: { numSegments },
      shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)],
      dtype: x.dtype,
    });
  },

  OneHot: (call) => {
    const indices = call.input('indices');
    const { depth, onValue, offValue, dtype } = call.attrs as OneHotAttrs;
    return call.emit({
      inputs: { indices },
      attrs: { depth, onValue, offValue, dtype },
      shape: [...indices.shape, depth],
      dtype: dtype as DType,
    });
  },
};
