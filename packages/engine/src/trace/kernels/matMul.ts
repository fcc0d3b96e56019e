/** Dense layers. */
import type { BatchMatMulAttrs, _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import { activate } from './activation.ts';
import { broadcastShape } from './binary.ts';
import type { KernelTable } from './kernelTable.ts';
import { shapeText } from '../../shapeText.ts';

/** Rows and columns of a stack of matrices, the matrix seen transposed where asked. */
function matrix(shape: readonly number[], transposed: boolean) {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

export const matMulKernels: KernelTable = {
  BatchMatMul: (call) => {
    const [a, b] = [call.input('a'), call.input('b')];
    const { transposeA, transposeB } = call.attrs as BatchMatMulAttrs;
    const left = matrix(a.shape, transposeA);
    const right = matrix(b.shape, transposeB);
    if (left.columns !== right.rows) {
      throw new Error(
        `matMul: inner dimensions differ (${left.columns} and ${right.rows}) for shapes ` +
          `${shapeText(a.shape)} and ${shapeText(b.shape)}, transposeA=${transposeA}, transposeB=${transposeB}.`,
      );
    }
    const outer = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return call.emit({
      inputs: { a, b },
      attrs: { transposeA, transposeB },
      shape: [...outer, left.rows, right.columns],
      dtype: a.dtype,
    });
  },

  _FusedMatMul: (call) => {
    const { transposeA, transposeB, activation, leakyreluAlpha } = call.attrs as _FusedMatMulAttrs;
    const inputs = { a: call.input('a'), b: call.input('b') };
    const product = call.record('BatchMatMul', inputs, { transposeA, transposeB });
    return activate(call, product, activation, leakyreluAlpha);
  },
};
