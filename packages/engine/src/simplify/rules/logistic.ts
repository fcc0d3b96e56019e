/**
 * The loss of Bernoulli logits is written relu(l) - l x + softplus(-|l|), so that nothing overflows.
 * Autodiff then gives w step(l) - w x - w sigmoid(-|l|) step(l, -1), fifteen passes over the whole
 * output. Two identities bring both back to what they are, softplus(l) - l x and w (sigmoid(l) - x):
 *
 *   relu(l) + softplus(-|l|)               = softplus(l)
 *   step(l) - sigmoid(-|l|) step(l, -1)    = sigmoid(l)
 *
 * where step(l, -1) is 1 for l > 0 and -1 elsewhere: tfjs's derivative of |l|.
 */
import type { ValueId } from '../../graph.ts';
import type { GraphEditor } from '../graphEditor.ts';
import type { Rule } from '../rewrite.ts';
import { emitTerms, termsOf, without, type Term } from '../sumOfProducts.ts';

interface Identity {
  /** From a factor of the first term, l. */
  argument(factor: ValueId, editor: GraphEditor): ValueId | undefined;
  /** The factors of the second term, where they exist. */
  partners(l: ValueId, editor: GraphEditor): readonly (ValueId | undefined)[];
  /** Sign of the second term relative to the first. */
  readonly sign: 1 | -1;
  readonly result: string;
}

const negatedMagnitude = (l: ValueId, editor: GraphEditor): ValueId | undefined => {
  const magnitude = editor.find('Abs', { x: l });
  return magnitude === undefined ? undefined : editor.find('Neg', { x: magnitude });
};

function ofNegatedMagnitude(kernel: string, l: ValueId, editor: GraphEditor): ValueId | undefined {
  const x = negatedMagnitude(l, editor);
  return x === undefined ? undefined : editor.find(kernel, { x });
}

const forward: Identity = {
  argument: (factor, editor) =>
    editor.producedBy(factor, 'Relu')?.inputs['x'] as ValueId | undefined,
  partners: (l, editor) => [ofNegatedMagnitude('Softplus', l, editor)],
  sign: 1,
  result: 'Softplus',
};

const gradient: Identity = {
  argument: (factor, editor) => {
    const step = editor.producedBy(factor, 'Step');
    if (!step || (step.attrs['alpha'] ?? 0) !== 0) return undefined;
    const x = step.inputs['x'] as ValueId;
    return (editor.producedBy(x, 'Relu')?.inputs['x'] as ValueId | undefined) ?? x;
  },
  partners: (l, editor) => [
    ofNegatedMagnitude('Sigmoid', l, editor),
    editor.find('Step', { x: l }, { alpha: -1 }),
  ],
  sign: -1,
  result: 'Sigmoid',
};

function applyTo(
  terms: readonly Term[],
  identity: Identity,
  editor: GraphEditor,
): Term[] | undefined {
  for (const first of terms) {
    for (const factor of first.factors) {
      const l = identity.argument(factor, editor);
      if (l === undefined) continue;
      const partners = identity.partners(l, editor).filter((id) => id !== undefined);
      if (partners.length !== identity.partners(l, editor).length) continue;
      const shared = without(first.factors, [factor]) ?? [];
      const second = terms.find(
        ({ coefficient, factors }) =>
          coefficient === identity.sign * first.coefficient &&
          without(factors, partners)?.join() === shared.join(),
      );
      if (!second) continue;
      const factors = [...shared, editor.unary(identity.result, l)].sort((a, b) => a - b);
      const merged = { coefficient: first.coefficient, factors };
      return [...terms.filter((term) => term !== first && term !== second), merged];
    }
  }
  return undefined;
}

export const logisticIdentities: Rule = (node, editor) => {
  if (node.kernel !== 'Add' && node.kernel !== 'Sub') return undefined;
  const [a, b] = [node.inputs['a'] as number, node.inputs['b'] as number];
  const terms = [...termsOf(a, editor), ...termsOf(b, editor, node.kernel === 'Sub' ? -1 : 1)];
  const result = applyTo(terms, forward, editor) ?? applyTo(terms, gradient, editor);
  const [output = -1] = node.outputs;
  return result && emitTerms(result, editor.shape(output), editor);
};
