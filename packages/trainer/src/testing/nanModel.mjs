/** A model one of whose metrics is not a number, from the first step on. */
import * as tf from '@tensorflow/tfjs-core';

export default ({ shape }) => ({
  name: 'nan',
  parameters: [{ name: 'w', shape, init: { kind: 'constant', value: 1 } }],
  inputs: { x: shape },
  noise: {},
  metrics: ['half'],
  loss: ({ w }, { x }) => {
    const loss = tf.sum(tf.mul(x, w), [1, 2, 3]);
    return { loss, metrics: { half: tf.log(tf.neg(tf.add(loss, 1))) } };
  },
});
