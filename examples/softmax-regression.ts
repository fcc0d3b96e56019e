/**
 * A model of your own in one file: softmax regression, which says which class an example belongs to.
 *
 *   npx lockstep train examples/softmax-regression.config.ts
 *
 * B is the number of examples that `loss` is given at once, D the values in one example, C the classes.
 */
import { defineModel, glorotUniform, ModelError, zeros, type ExampleInfo } from '@lockstep/core';
import * as tf from '@tensorflow/tfjs-core';

// A model file exports by default a function from what the data looks like to the model.
export default function softmaxRegression({ shape, classes }: ExampleInfo) {
  if (classes === undefined) {
    throw new ModelError({
      code: 'MODEL_NO_LABELS',
      where: 'softmax regression',
      expected: 'data with labels',
      got: 'data without',
      fix: 'Choose data with labels, such as mnist.',
    });
  }
  const values = shape.reduce((product, n) => product * n, 1);

  return defineModel({
    name: 'softmax-regression',
    // What is trained. The initial values are drawn from the run's seed.
    parameters: [
      {
        name: 'weights',
        shape: [values, classes],
        init: glorotUniform({ fanIn: values, fanOut: classes }),
      },
      { name: 'bias', shape: [classes], init: zeros() },
    ],
    // What is read of each example: its values, between 0 and 1, and the number of its class.
    inputs: { x: shape, label: [] },
    // This model draws no random numbers. One that does declares them here and is given them.
    noise: {},
    // What is reported beside the loss.
    metrics: ['accuracy'],
    // A loss for each example, not their mean: Lockstep adds them up over all workers.
    loss(params, batch) {
      const x = tf.reshape(batch.x, [-1, values]); // [B, D]
      const logits = tf.add(tf.matMul(x, params.weights), params.bias); // [B, C]
      const label = tf.cast(batch.label, 'int32'); // [B]
      const truth = tf.oneHot(label, classes); // [B, C]
      const logProbabilities = tf.logSoftmax(logits); // [B, C]
      const loss = tf.neg(tf.sum(tf.mul(truth, logProbabilities), 1)); // [B]
      const right = tf.equal(tf.argMax(logits, 1), label); // [B]
      return { loss, metrics: { accuracy: tf.cast(right, 'float32') } };
    },
  });
}
