/** The two presets as the engine sees them: functions of tensors. core's own are out of its sight. */
import * as tf from '@tensorflow/tfjs-core';

const dense = (p, name, x) => tf.add(tf.matMul(x, p[`${name}/kernel`]), p[`${name}/bias`]);

const layer = (name, kernel, bias) => [
  { name: `${name}/kernel`, shape: kernel },
  { name: `${name}/bias`, shape: [bias] },
];

function loss(logits, x, mu, logVar) {
  const [l, flat] = [tf.reshape(logits, [x.shape[0], -1]), tf.reshape(x, [x.shape[0], -1])];
  const stable = tf.softplus(tf.neg(tf.abs(l)));
  const reconstruction = tf.sum(tf.add(tf.sub(tf.relu(l), tf.mul(l, flat)), stable), 1);
  const terms = tf.add(tf.square(mu), tf.sub(tf.exp(logVar), tf.add(logVar, 1)));
  const kl = tf.mul(tf.sum(terms, 1), 0.5);
  return { loss: tf.add(reconstruction, kl), metrics: { reconstruction, kl } };
}

const sample = (mu, logVar, eps) => tf.add(mu, tf.mul(tf.exp(tf.mul(logVar, 0.5)), eps));

/** 784-400-20-400-784 */
export const mlp = {
  name: 'mlp',
  parameters: [
    ...layer('encoder', [784, 400], 400),
    ...layer('mu', [400, 20], 20),
    ...layer('logVar', [400, 20], 20),
    ...layer('decoder', [20, 400], 400),
    ...layer('output', [400, 784], 784),
  ],
  inputs: { x: [28, 28, 1] },
  noise: { eps: { shape: [20] } },
  metrics: ['reconstruction', 'kl'],
  loss(p, { x }, { eps }) {
    const h = tf.relu(dense(p, 'encoder', tf.reshape(x, [-1, 784])));
    const [mu, logVar] = [dense(p, 'mu', h), dense(p, 'logVar', h)];
    const d = tf.relu(dense(p, 'decoder', sample(mu, logVar, eps)));
    return loss(dense(p, 'output', d), x, mu, logVar);
  },
};

/** 28x28x1 -> 14x14x32 -> 7x7x64 -> 2 -> 7x7x64 -> 14x14x32 -> 28x28x1, 3x3 kernels, stride 2 */
export const conv = {
  name: 'conv',
  parameters: [
    ...layer('conv1', [3, 3, 1, 32], 32),
    ...layer('conv2', [3, 3, 32, 64], 64),
    ...layer('mu', [3136, 2], 2),
    ...layer('logVar', [3136, 2], 2),
    ...layer('dense', [2, 3136], 3136),
    ...layer('convTranspose1', [3, 3, 32, 64], 32),
    ...layer('convTranspose2', [3, 3, 1, 32], 1),
  ],
  inputs: { x: [28, 28, 1] },
  noise: { eps: { shape: [2] } },
  metrics: ['reconstruction', 'kl'],
  loss(p, { x }, { eps }) {
    const m = x.shape[0];
    const down = (name, image) =>
      tf.relu(tf.add(tf.conv2d(image, p[`${name}/kernel`], 2, 'same'), p[`${name}/bias`]));
    const up = (name, image, shape) =>
      tf.add(
        tf.conv2dTranspose(image, p[`${name}/kernel`], [m, ...shape], 2, 'same'),
        p[`${name}/bias`],
      );
    const h = tf.reshape(down('conv2', down('conv1', x)), [m, 3136]);
    const [mu, logVar] = [dense(p, 'mu', h), dense(p, 'logVar', h)];
    const d = tf.relu(dense(p, 'dense', sample(mu, logVar, eps)));
    const u = tf.relu(up('convTranspose1', tf.reshape(d, [m, 7, 7, 64]), [14, 14, 32]));
    return loss(up('convTranspose2', u, [28, 28, 1]), x, mu, logVar);
  },
};

/** Values in [0, 1) that look random enough for timing, the same in every run: fractions of n times the golden ratio. */
export function unevenValues() {
  let n = 0;
  return () => (n++ * 0.6180339887498949) % 1;
}
