import type { Rule } from '../rewrite.ts';

/** Negations cancel, become subtractions, or move out of products to where they can. */
export const moveSigns: Rule = ({ kernel, inputs }, editor) => {
  const negated = (name: string): number | undefined =>
    editor.producedBy(inputs[name] as number, 'Neg')?.inputs['x'] as number | undefined;
  const [a, b] = [inputs['a'] as number, inputs['b'] as number];
  switch (kernel) {
    case 'Neg':
      return negated('x');
    case 'Add': {
      const [x, y] = [negated('a'), negated('b')];
      if (y !== undefined) return editor.binary('Sub', a, y);
      return x === undefined ? undefined : editor.binary('Sub', b, x);
    }
    case 'Sub': {
      const y = negated('b');
      return y === undefined ? undefined : editor.binary('Add', a, y);
    }
    case 'Multiply': {
      const [x, y] = [negated('a'), negated('b')];
      if (x !== undefined) return editor.unary('Neg', editor.binary('Multiply', x, b));
      return y === undefined ? undefined : editor.unary('Neg', editor.binary('Multiply', a, y));
    }
    default:
      return undefined;
  }
};
