import type { Rule } from '../rewrite.ts';

/**
 * step(x) = step(relu(x)): the gradient of relu asks for the sign of its argument; the result has it
 * too, and then nobody needs the argument any more.
 */
export const stepOfRelu: Rule = ({ kernel, inputs, attrs }, editor) => {
  if (kernel !== 'Step' || (attrs['alpha'] ?? 0) !== 0) return undefined;
  const relu = editor.find('Relu', { x: inputs['x'] as number });
  return relu === undefined ? undefined : editor.unary('Step', relu, attrs);
};
