import { elementCount } from '../../buffers.ts';
import type { Rule } from '../rewrite.ts';

/** a c + b c = (a + b) c, and the same with minus: one pass less where nothing else wants a c or b c. */
export const takeOutCommonFactor: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  if (kernel !== 'Add' && kernel !== 'Sub') return undefined;
  const ids = [inputs['a'] as number, inputs['b'] as number];
  const [left, right] = ids.map((id) => {
    const product = editor.uses(id) <= 1 ? editor.producedBy(id, 'Multiply') : undefined;
    return product && [product.inputs['a'] as number, product.inputs['b'] as number];
  });
  const common = left?.find((id) => right?.includes(id));
  if (!left || !right || common === undefined) return undefined;
  const [a = common] = left.filter((id) => id !== common);
  const [b = common] = right.filter((id) => id !== common);
  const sum = editor.binary(kernel, a, b);
  // Of small tensors with a large factor: nothing is won, and the shape might be lost.
  const size = (id: number): number => elementCount(editor.shape(id));
  return size(sum) === size(output) ? editor.binary('Multiply', sum, common) : undefined;
};
