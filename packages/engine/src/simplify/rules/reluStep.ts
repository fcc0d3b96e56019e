/** The gradient of relu. */
import { sameShape } from '../../shape.ts';
import type { Rule } from '../rewrite.ts';

/**
 * step(x) = step(relu(x)): the gradient of relu asks for the sign of its argument; the result has it
 * too, and then nobody needs the argument any more.
 */
export const stepOfRelu: Rule = ({ kernel, inputs, attrs }, editor) => {
  if (kernel !== 'Step' || (attrs['alpha'] ?? 0) !== 0) return undefined;
  const relu = editor.find('Relu', { x: inputs['x'] as number });
  const isNeeded = relu !== undefined && editor.uses(relu) > 0;
  return isNeeded ? editor.unary('Step', relu, attrs) : undefined;
};

/** dy * step(y) = ReluGrad(dy, y), a kernel of ours: its lowering sees both operands at once. */
export const fuseReluGrad: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  if (kernel !== 'Multiply') return undefined;
  const [a, b] = [inputs['a'] as number, inputs['b'] as number];
  for (const [dy, mask] of [
    [a, b],
    [b, a],
  ] as const) {
    const step = editor.producedBy(mask, 'Step');
    if (!step || (step.attrs['alpha'] ?? 0) !== 0) continue;
    const { shape } = editor.value(output);
    if (!sameShape(editor.shape(dy), shape) || !sameShape(editor.shape(mask), shape)) continue;
    return editor.emit({
      kernel: 'ReluGrad',
      inputs: { dy, y: step.inputs['x'] as number },
      shape,
    });
  }
  return undefined;
};
