/** Formulas that VAEs' losses are made of; each is summed over the dimensions of one example. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { FunctionCase } from './functionCase.ts';

const targets = (x: Tensor): Tensor => tf.add(x, 0.5); // in [0, 1)

const likelihood = (
  name: string,
  apply: (x: Tensor, prediction: Tensor) => Tensor,
): FunctionCase => ({
  name,
  x: [4, 5],
  parameters: [[4, 5]],
  apply: (x, p) => tf.sum(apply(targets(x), tf.mul(p, 8)), [1, 2]),
});

export const likelihoodCases: readonly FunctionCase[] = [
  likelihood('Bernoulli with logits: softplus(l) - x l', (x, l) =>
    tf.sub(tf.softplus(l), tf.mul(x, l)),
  ),
  likelihood('Bernoulli with logits: max(l, 0) - x l + log1p(exp(-|l|))', (x, l) =>
    tf.add(tf.sub(tf.relu(l), tf.mul(x, l)), tf.log1p(tf.exp(tf.neg(tf.abs(l))))),
  ),
  likelihood('Bernoulli with probabilities', (x, l) => {
    const p = tf.clipByValue(tf.sigmoid(l), 1e-6, 1 - 1e-6);
    const log = tf.add(tf.mul(x, tf.log(p)), tf.mul(tf.sub(1, x), tf.log(tf.sub(1, p))));
    return tf.neg(log);
  }),
  likelihood('Gaussian, fixed sigma', (x, mean) =>
    tf.add(
      tf.div(tf.squaredDifference(x, mean), 2 * 0.1 ** 2),
      0.5 * Math.log(2 * Math.PI * 0.1 ** 2),
    ),
  ),
  likelihood('Gaussian, learned variance', (x, p) => {
    const logVar = tf.mul(p, 0.1);
    return tf.mul(0.5, tf.add(logVar, tf.div(tf.square(tf.sub(x, p)), tf.exp(logVar))));
  }),
  likelihood('Laplace', (x, mean) => tf.abs(tf.sub(x, mean))),
  likelihood('categorical with logits', (x, l) => tf.neg(tf.mul(x, tf.logSoftmax(l)))),
  {
    name: 'KL of a diagonal Gaussian from N(0, 1)',
    x: [6],
    parameters: [[6], [6]],
    apply(x, shift, scale) {
      const [mu, logVar] = [tf.add(x, shift), tf.mul(x, scale)];
      const terms = tf.sub(tf.add(tf.square(mu), tf.exp(logVar)), tf.add(logVar, 1));
      return tf.mul(0.5, tf.sum(terms, 1));
    },
  },
];
