/**
 * The sum of softplus over many elements, without a logarithm for each:
 *
 *   sum softplus(l) = sum relu(l) - log prod max(s, 1 - s),   s = sigmoid(l)
 *
 * since softplus(l) = relu(l) - log sigmoid(|l|). The factors lie in [1/2, 1], so a hundred of them
 * multiply without underflow; the loss's gradient has computed s anyway. Each term is right to about
 * 1e-7 absolutely, which is what a sum of them in float32 can hold; a lone softplus must do better.
 */
import type { GraphNode, ValueId } from '../../graph.ts';
import type { GraphEditor } from '../graphEditor.ts';
import type { Rule } from '../rewrite.ts';
import { elementCount } from '../../buffers.ts';
import { emitTerms, termsOf, type Term } from '../sumOfProducts.ts';

/** 2^-120 is a normal float32. */
const maxFactors = 120;

function largestDivisor(n: number, limit: number): number {
  let divisor = Math.min(n, limit);
  while (n % divisor !== 0) divisor--;
  return divisor;
}

/** sum over `axis`, the last ones, of log sigmoid(|l|). */
function sumOfLogs(l: ValueId, axis: readonly number[], editor: GraphEditor): ValueId {
  const shape = editor.shape(l);
  const kept = shape.slice(0, shape.length - axis.length);
  const s = editor.unary('Sigmoid', l);
  const larger = editor.binary('Maximum', s, editor.binary('Sub', editor.scalar(1), s));
  const count = elementCount(shape.slice(kept.length));
  const group = largestDivisor(count, maxFactors);
  const groups = [...kept, count / group];
  const products = editor.emit({
    kernel: 'Prod',
    inputs: { x: editor.reshape(larger, [...groups, group]) },
    attrs: { axis: [groups.length], keepDims: false },
    shape: groups,
  });
  return editor.sum(editor.unary('Log', products), [kept.length]);
}

const softplusArgument = ({ factors }: Term, editor: GraphEditor): ValueId | undefined =>
  factors.length === 1
    ? (editor.producedBy(factors[0] ?? -1, 'Softplus')?.inputs['x'] as ValueId | undefined)
    : undefined;

function isTrailing(axis: readonly number[], rank: number): boolean {
  return axis.length > 0 && axis.every((dim, i) => dim === rank - axis.length + i);
}

export const splitSumOfSoftplus: Rule = (node: GraphNode, editor) => {
  if (node.kernel !== 'Sum' || node.attrs['keepDims'] === true) return undefined;
  const x = node.inputs['x'] as ValueId;
  const axis = node.attrs['axis'] as readonly number[];
  const shape = editor.shape(x);
  if (!isTrailing(axis, shape.length) || editor.value(x).dtype !== 'float32') return undefined;
  const terms = termsOf(x, editor);
  const term = terms.find((candidate) => {
    const l = softplusArgument(candidate, editor);
    return l !== undefined && editor.shape(l).join() === shape.join();
  });
  const l = term && softplusArgument(term, editor);
  if (!term || l === undefined || Math.abs(term.coefficient) !== 1) return undefined;
  const relu = { ...term, factors: [editor.unary('Relu', l)] };
  const linear = terms.map((other) => (other === term ? relu : other));
  const sum = editor.sum(emitTerms(linear, shape, editor), axis);
  return editor.binary(term.coefficient === 1 ? 'Sub' : 'Add', sum, sumOfLogs(l, axis, editor));
};
