/** Activations by name, so that a layer can be printed and compared. */
import { relu, sigmoid, tanh, type Tensor } from '@tensorflow/tfjs-core';

export type Activation = 'linear' | 'relu' | 'sigmoid' | 'tanh';

/** `linear` returns its argument; the others a new tensor. */
export function activate(activation: Activation, x: Tensor): Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return relu(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'tanh':
      return tanh(x);
  }
}
