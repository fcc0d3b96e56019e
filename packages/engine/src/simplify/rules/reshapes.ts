import { sameShape } from '../../shape.ts';
import type { Rule } from '../rewrite.ts';

/** A reshape of a reshape is one reshape; one that changes nothing is none. */
export const mergeReshapes: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  if (kernel !== 'Reshape') return undefined;
  const x = inputs['x'] as number;
  const shape = editor.shape(output);
  if (sameShape(editor.shape(x), shape)) return x;
  const inner = editor.producedBy(x, 'Reshape');
  return inner && editor.reshape(inner.inputs['x'] as number, shape);
};

/** The same for transposes. */
export const mergeTransposes: Rule = (
  { kernel, inputs, attrs, outputs: [output = -1] },
  editor,
) => {
  if (kernel !== 'Transpose') return undefined;
  const x = inputs['x'] as number;
  const perm = attrs['perm'] as readonly number[];
  if (perm.every((dim, i) => dim === i)) return x;
  const inner = editor.producedBy(x, 'Transpose');
  if (!inner) return undefined;
  const innerPerm = inner.attrs['perm'] as readonly number[];
  return editor.emit({
    kernel: 'Transpose',
    inputs: { x: inner.inputs['x'] as number },
    attrs: { perm: perm.map((dim) => innerPerm[dim] ?? 0) },
    shape: editor.shape(output),
    dtype: editor.value(output).dtype,
  });
};
