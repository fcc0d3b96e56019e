/** The tail of tfjs's fused kernels: bias, then activation, as nodes of their own. */
import type { GraphValue } from '../../graph.ts';
import type { KernelCall } from './kernelTable.ts';

/** tfjs's `Activation`, which it does not export. */
type Activation = 'linear' | 'relu' | 'prelu' | 'elu' | 'relu6' | 'leakyrelu' | 'sigmoid';

export function activate(
  call: KernelCall,
  product: GraphValue,
  activation: Activation | undefined,
  leakyreluAlpha = 0.2,
): GraphValue {
  const bias = call.optionalInput('bias');
  const x = bias ? call.record('Add', { a: product, b: bias }) : product;
  switch (activation) {
    case undefined:
    case 'linear':
      return x;
    case 'relu':
      return call.record('Relu', { x });
    case 'relu6':
      return call.record('Relu6', { x });
    case 'elu':
      return call.record('Elu', { x });
    case 'sigmoid':
      return call.record('Sigmoid', { x });
    case 'leakyrelu':
      return call.record('LeakyRelu', { x }, { alpha: leakyreluAlpha });
    case 'prelu':
      return call.record('Prelu', { x, alpha: call.input('preluActivationWeights') });
  }
}
