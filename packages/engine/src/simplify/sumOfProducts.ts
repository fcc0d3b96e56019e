/**
 * Sums and differences of products as lists of terms, so that a rule finds its parts wherever in an
 * expression they stand: a - (b - c d) has the terms +a, -b, +c d.
 */
import type { ValueId } from '../graph.ts';
import { sameShape, type Shape } from '../shape.ts';
import { elementCount } from '../buffers.ts';
import type { GraphEditor } from './graphEditor.ts';
import { broadcastTo, repeated } from './rules/broadcasts.ts';

export interface Term {
  readonly coefficient: number;
  /** With repetitions, in ascending order. */
  readonly factors: readonly ValueId[];
}

/**
 * What a value is made of. One that is used elsewhere too is a whole: it is computed anyway, and taking
 * shared parts apart again and again would take time exponential in the depth of the graph.
 */
function partsOf(id: ValueId, editor: GraphEditor): readonly [kernel: string, ...number[]] {
  const node = editor.uses(id) <= 1 ? editor.producer(id) : undefined;
  return node ? [node.kernel, ...Object.values(node.inputs).flat()] : [''];
}

function product(id: ValueId, editor: GraphEditor): Term {
  const number = editor.uniform(id);
  if (number !== undefined) return { coefficient: number, factors: [] };
  const [kernel, a = -1, b = -1] = partsOf(id, editor);
  if (kernel === 'Neg') {
    const { coefficient, factors } = product(a, editor);
    return { coefficient: -coefficient, factors };
  }
  if (kernel === 'Multiply') {
    const [left, right] = [product(a, editor), product(b, editor)];
    const factors = [...left.factors, ...right.factors].sort((x, y) => x - y);
    return { coefficient: left.coefficient * right.coefficient, factors };
  }
  const small = repeated(id, editor);
  return small === undefined ? { coefficient: 1, factors: [id] } : product(small, editor);
}

/** The terms of a value, signs included. Products are not multiplied out. */
export function termsOf(id: ValueId, editor: GraphEditor, sign = 1): Term[] {
  const [kernel, a = -1, b = -1] = partsOf(id, editor);
  if (kernel === 'Add' || kernel === 'Sub') {
    const right = kernel === 'Sub' ? -sign : sign;
    return [...termsOf(a, editor, sign), ...termsOf(b, editor, right)];
  }
  if (kernel === 'Neg') return termsOf(a, editor, -sign);
  const { coefficient, factors } = product(id, editor);
  return [{ coefficient: coefficient * sign, factors }];
}

/** `factors` less one occurrence of each of `taken`; undefined where they are not all there. */
export function without(
  factors: readonly ValueId[],
  taken: readonly ValueId[],
): readonly ValueId[] | undefined {
  const rest = [...factors];
  for (const id of taken) {
    const at = rest.indexOf(id);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

function emitProduct(factors: readonly ValueId[], editor: GraphEditor): ValueId | undefined {
  // Small tensors first: most of the work is then done before the shape is full.
  const size = (id: ValueId): number => elementCount(editor.shape(id));
  const [first, ...rest] = factors.toSorted((a, b) => size(a) - size(b));
  return first === undefined
    ? undefined
    : rest.reduce((result, id) => editor.binary('Multiply', result, id), first);
}

function emitSum(terms: readonly Term[], editor: GraphEditor): ValueId {
  const positiveFirst = terms.toSorted(
    (a, b) => Math.sign(b.coefficient) - Math.sign(a.coefficient),
  );
  let sum: ValueId | undefined;
  for (const { coefficient, factors } of positiveFirst) {
    const magnitude = Math.abs(coefficient);
    const bare = emitProduct(factors, editor);
    const value =
      bare === undefined
        ? editor.scalar(magnitude)
        : magnitude === 1
          ? bare
          : editor.binary('Multiply', bare, editor.scalar(magnitude));
    if (sum === undefined) sum = coefficient < 0 ? editor.unary('Neg', value) : value;
    else sum = editor.binary(coefficient < 0 ? 'Sub' : 'Add', sum, value);
  }
  return sum ?? editor.scalar(0);
}

/** The factors that all terms share, as often as they share them. */
function commonFactors([first, ...rest]: readonly Term[]): readonly ValueId[] {
  return (first?.factors ?? []).reduce<readonly ValueId[]>((common, id) => {
    const candidate = [...common, id];
    return rest.every(({ factors }) => without(factors, candidate)) ? candidate : common;
  }, []);
}

/** A value of this shape: the sum of the terms, with what they share multiplied once, at the end. */
export function emitTerms(terms: readonly Term[], shape: Shape, editor: GraphEditor): ValueId {
  const common = terms.length > 1 ? commonFactors(terms) : [];
  const inner = emitSum(
    terms.map(({ coefficient, factors }) => ({
      coefficient,
      factors: without(factors, common) ?? factors,
    })),
    editor,
  );
  const shared = emitProduct(common, editor);
  const result = shared === undefined ? inner : editor.binary('Multiply', inner, shared);
  return sameShape(editor.shape(result), shape) ? result : broadcastTo(result, shape, editor);
}
