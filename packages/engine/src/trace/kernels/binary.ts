/** Two tensors in, broadcast against each other as in numpy. */
import type { DType, GraphValue } from '../../graph.ts';
import type { KernelTable, RecordKernel } from './kernelTable.ts';

/** Shape of `a op b`: sizes agree or one of them is 1; the shorter shape is padded with 1 in front. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, dim) => {
    const sizeA = a[dim - rank + a.length] ?? 1;
    const sizeB = b[dim - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      // In tfjs's words: this is what the same mistake says when the model runs eagerly.
      throw new Error(
        `Operands could not be broadcast together with shapes ${a.join()} and ${b.join()}.`,
      );
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

function binary(names: readonly [string, string], dtype?: DType): RecordKernel {
  return (call) => {
    const [first, second] = names.map((name) => call.input(name)) as [GraphValue, GraphValue];
    return call.emit({
      inputs: { [names[0]]: first, [names[1]]: second },
      shape: broadcastShape(first.shape, second.shape),
      dtype: dtype ?? first.dtype,
    });
  };
}

const arithmetic = [
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Mod', 'Pow', 'SquaredDifference'],
  ...['Maximum', 'Minimum', 'Atan2'],
];

const toBool = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
  ...['LogicalAnd', 'LogicalOr'],
];

export const binaryKernels: KernelTable = {
  ...Object.fromEntries(arithmetic.map((kernel) => [kernel, binary(['a', 'b'])])),
  ...Object.fromEntries(toBool.map((kernel) => [kernel, binary(['a', 'b'], 'bool')])),
  FloorDiv: binary(['a', 'b'], 'int32'),
  Prelu: binary(['x', 'alpha'], 'float32'),
  EluGrad: binary(['dy', 'y'], 'float32'),
  AddN: (call) => call.inputList().reduce((a, b) => call.record('Add', { a, b })),
};
