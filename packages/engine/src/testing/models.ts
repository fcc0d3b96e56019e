/** Small structural models for tests; core's own are out of the engine's sight. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DifferentiableModel } from '../gradientFunction.ts';

type NamedTensors = Readonly<Record<string, Tensor>>;

const named = (tensors: NamedTensors, name: string): Tensor => tensors[name] as Tensor;

function dense(params: NamedTensors, layer: string, x: Tensor): Tensor2D {
  const product = tf.matMul(x, named(params, `${layer}/w`));
  return tf.add(product, named(params, `${layer}/b`));
}

const denseSpecs = (layer: string, inputs: number, outputs: number) => [
  { name: `${layer}/w`, shape: [inputs, outputs] },
  { name: `${layer}/b`, shape: [outputs] },
];

/** The VAE of Kingma & Welling (2014), appendix C: one hidden layer, Bernoulli logits, analytic KL. */
export function mlpVae(pixels: number, hidden: number, latent: number): DifferentiableModel {
  return {
    name: 'mlpVae',
    parameters: [
      ...denseSpecs('encoder', pixels, hidden),
      ...denseSpecs('mu', hidden, latent),
      ...denseSpecs('logVar', hidden, latent),
      ...denseSpecs('decoder', latent, hidden),
      ...denseSpecs('logits', hidden, pixels),
    ],
    inputs: { x: [pixels] },
    noise: { eps: { shape: [latent] } },
    metrics: ['reconstruction', 'kl'],
    loss(params, batch, noise) {
      const x = named(batch, 'x'); // [B, pixels]
      const h = tf.relu(dense(params, 'encoder', x)); // [B, hidden]
      const mu = dense(params, 'mu', h); // [B, latent]
      const logVar = dense(params, 'logVar', h); // [B, latent]
      const z = tf.add(mu, tf.mul(tf.exp(tf.mul(logVar, 0.5)), named(noise, 'eps')));
      const logits = dense(params, 'logits', tf.relu(dense(params, 'decoder', z)));
      return elbo(x, logits, mu, logVar);
    },
  };
}

const conv = (params: NamedTensors, layer: string, x: Tensor): Tensor4D =>
  tf.add(
    tf.conv2d(x as Tensor4D, named(params, `${layer}/w`) as Tensor4D, 2, 'same'),
    named(params, `${layer}/b`),
  );

const deconv = (params: NamedTensors, layer: string, x: Tensor, channels: number): Tensor4D => {
  const [batch, height, width] = x.shape as [number, number, number];
  const filter = named(params, `${layer}/w`) as Tensor4D;
  const shape: [number, number, number, number] = [batch, height * 2, width * 2, channels];
  const y = tf.conv2dTranspose(x as Tensor4D, filter, shape, 2, 'same');
  return tf.add(y, named(params, `${layer}/b`));
};

/** Two strided convolutions down to `latent`, mirrored; a square grey image, Bernoulli logits. */
export function convVae(size: number, filters: number, latent: number): DifferentiableModel {
  const side = size / 4;
  const flat = side * side * filters * 2;
  return {
    name: 'convVae',
    parameters: [
      { name: 'conv1/w', shape: [3, 3, 1, filters] },
      { name: 'conv1/b', shape: [filters] },
      { name: 'conv2/w', shape: [3, 3, filters, filters * 2] },
      { name: 'conv2/b', shape: [filters * 2] },
      ...denseSpecs('posterior', flat, latent * 2),
      ...denseSpecs('decoder', latent, flat),
      { name: 'deconv1/w', shape: [3, 3, filters, filters * 2] },
      { name: 'deconv1/b', shape: [filters] },
      { name: 'deconv2/w', shape: [3, 3, 1, filters] },
      { name: 'deconv2/b', shape: [1] },
    ],
    inputs: { x: [size, size, 1] },
    noise: { eps: { shape: [latent] } },
    metrics: ['reconstruction', 'kl'],
    loss(params, batch, noise) {
      const x = named(batch, 'x'); // [B, size, size, 1]
      const h = tf.relu(conv(params, 'conv2', tf.relu(conv(params, 'conv1', x))));
      const posterior = dense(params, 'posterior', tf.reshape(h, [-1, flat])); // [B, 2 latent]
      const [mu, logVar] = tf.split(posterior, 2, 1) as [Tensor2D, Tensor2D];
      const z = tf.add(mu, tf.mul(tf.exp(tf.mul(logVar, 0.5)), named(noise, 'eps')));
      const spread = tf.reshape(tf.relu(dense(params, 'decoder', z)), [
        -1,
        side,
        side,
        filters * 2,
      ]);
      const up = tf.relu(deconv(params, 'deconv1', spread, filters));
      const logits = deconv(params, 'deconv2', up, 1); // [B, size, size, 1]
      return elbo(x, logits, mu, logVar);
    },
  };
}

/** Negative ELBO of a Bernoulli decoder with logits, softplus(l) - x l, and a diagonal Gaussian. */
function elbo(x: Tensor, logits: Tensor, mu: Tensor, logVar: Tensor) {
  const pixels = x.shape.slice(1).map((_, dim) => dim + 1);
  const reconstruction: Tensor1D = tf.sum(tf.sub(tf.softplus(logits), tf.mul(x, logits)), pixels);
  const terms = tf.sub(tf.add(tf.square(mu), tf.exp(logVar)), tf.add(logVar, 1));
  const kl: Tensor1D = tf.mul(0.5, tf.sum(terms, 1));
  return { loss: tf.add<Tensor1D>(reconstruction, kl), metrics: { reconstruction, kl } };
}
