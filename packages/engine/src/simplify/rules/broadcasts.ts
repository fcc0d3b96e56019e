/**
 * A tensor that only repeats a smaller one is not worth its memory: arithmetic broadcasts by itself.
 * Within these rules `Tile` along dimensions of size 1 is the one form of a broadcast.
 */
import type { GraphNode, ValueId } from '../../graph.ts';
import { sameShape, type Shape } from '../../shape.ts';
import { broadcastShape } from '../../trace/kernels/binary.ts';
import type { GraphEditor } from '../graphEditor.ts';
import type { Rule } from '../rewrite.ts';

const binaryKernels = new Set([
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference'],
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
]);

const unaryKernels = new Set([
  ...['Neg', 'Abs', 'Exp', 'Log', 'Relu', 'Sigmoid', 'Softplus', 'Step', 'Square', 'Sqrt', 'Tanh'],
]);

function isBroadcast(tile: GraphNode, editor: GraphEditor): boolean {
  const shape = editor.shape(tile.inputs['x'] as number);
  const reps = tile.attrs['reps'] as readonly number[];
  return reps.every((count, dim) => count === 1 || shape[dim] === 1);
}

/** What a value repeats, if it does. */
export function repeated(id: ValueId, editor: GraphEditor): ValueId | undefined {
  const node = editor.producer(id);
  if (node?.kernel === 'Fill' && editor.shape(id).length > 0) {
    return editor.scalar(node.attrs['value'] as number, editor.value(id).dtype);
  }
  return node?.kernel === 'Tile' && isBroadcast(node, editor)
    ? (node.inputs['x'] as number)
    : undefined;
}

/** `x` broadcast to a shape. */
export function broadcastTo(x: ValueId, shape: Shape, editor: GraphEditor): ValueId {
  if (sameShape(editor.shape(x), shape)) return x;
  const from = editor.shape(x);
  const padded = [...Array<number>(shape.length - from.length).fill(1), ...from];
  const column = sameShape(padded, from) ? x : editor.reshape(x, padded);
  const reps = shape.map((size, dim) => (padded[dim] === size ? 1 : size));
  const { dtype } = editor.value(x);
  return editor.emit({ kernel: 'Tile', inputs: { x: column }, attrs: { reps }, shape, dtype });
}

/** x * 1, x + 0, x - 0 and x / 1 are x, broadcast where that made it larger. */
export const dropNeutral: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  const neutral = { Add: 0, Sub: 0, Multiply: 1, RealDiv: 1 }[kernel];
  if (neutral === undefined) return undefined;
  const [a, b] = [inputs['a'] as number, inputs['b'] as number];
  const { shape } = editor.value(output);
  if (editor.uniform(b) === neutral) return broadcastTo(a, shape, editor);
  const swaps = kernel === 'Add' || kernel === 'Multiply';
  return swaps && editor.uniform(a) === neutral ? broadcastTo(b, shape, editor) : undefined;
};

/** Arithmetic takes what a broadcast repeats, where the other operand gives the shape. */
export const useRepeated: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  if (!binaryKernels.has(kernel)) return undefined;
  const { shape, dtype } = editor.value(output);
  const operands = [inputs['a'] as number, inputs['b'] as number] as const;
  for (const [i, id] of operands.entries()) {
    const small = repeated(id, editor);
    const other = operands[1 - i] ?? id;
    if (small === undefined) continue;
    if (!sameShape(broadcastShape(editor.shape(small), editor.shape(other)), shape)) continue;
    const [a, b] = i === 0 ? [small, other] : [other, small];
    return editor.emit({ kernel, inputs: { a, b }, shape, dtype });
  }
  return undefined;
};

/** f(broadcast x) = broadcast f(x). */
export const hoistRepeated: Rule = ({ kernel, inputs, attrs, outputs: [output = -1] }, editor) => {
  if (!unaryKernels.has(kernel)) return undefined;
  const small = repeated(inputs['x'] as number, editor);
  if (small === undefined) return undefined;
  return broadcastTo(editor.unary(kernel, small, attrs), editor.shape(output), editor);
};
