/**
 * Bias and activation as part of the product before them. The fused kernels are tfjs's own, but for that
 * of the transposed convolution, for which it has none.
 */
import type { GraphNode, ValueId } from '../../graph.ts';
import type { GraphEditor } from '../graphEditor.ts';
import type { Rule } from '../rewrite.ts';
import { sameShape } from '../../shape.ts';

const fusedKernel: Readonly<Record<string, string>> = {
  BatchMatMul: '_FusedMatMul',
  Conv2D: 'FusedConv2D',
  Conv2DBackpropInput: 'FusedConv2DBackpropInput',
};

const usedOnce = (id: ValueId, editor: GraphEditor): boolean => editor.uses(id) === 1;

function fused(product: GraphNode, bias: ValueId, editor: GraphEditor): ValueId | undefined {
  const [output = -1] = product.outputs;
  const { shape } = editor.value(output);
  const kernel = fusedKernel[product.kernel];
  const channelsLast = product.attrs['dataFormat'] !== 'NCHW';
  const isBias = channelsLast && sameShape(editor.shape(bias), shape.slice(-1));
  if (!kernel || !isBias || !usedOnce(output, editor)) return undefined;
  const inputs = { ...product.inputs, bias };
  return editor.emit({ kernel, inputs, attrs: { ...product.attrs, activation: 'linear' }, shape });
}

export const fuseBias: Rule = ({ kernel, inputs }, editor) => {
  if (kernel !== 'Add') return undefined;
  const [a, b] = [inputs['a'] as number, inputs['b'] as number];
  const [left, right] = [editor.producer(a), editor.producer(b)];
  return (left && fused(left, b, editor)) ?? (right && fused(right, a, editor));
};

export const fuseRelu: Rule = ({ kernel, inputs }, editor) => {
  if (kernel !== 'Relu') return undefined;
  const x = inputs['x'] as number;
  const product = editor.producer(x);
  if (!product || product.attrs['activation'] !== 'linear' || !usedOnce(x, editor))
    return undefined;
  const attrs = { ...product.attrs, activation: 'relu' };
  return editor.emit({
    kernel: product.kernel,
    inputs: product.inputs,
    attrs,
    shape: editor.shape(x),
  });
};
