/** Small structural models for tests; core's own are out of the engine's sight. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { DifferentiableModel } from '../gradientFunction.ts';

type NamedTensors = Readonly<Record<string, Tensor>>;

const named = (tensors: NamedTensors, name: string): Tensor => tensors[name] as Tensor;

function dense(params: NamedTensors, layer: string, x: Tensor): Tensor2D {
  const product = tf.matMul(x as Tensor2D, named(params, `${layer}/w`) as Tensor2D);
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
      // Bernoulli with logits: softplus(l) - x l
      const reconstruction: Tensor1D = tf.sum(tf.sub(tf.softplus(logits), tf.mul(x, logits)), 1);
      const kl: Tensor1D = tf.mul(
        0.5,
        tf.sum(tf.sub(tf.add(tf.square(mu), tf.exp(logVar)), tf.add(logVar, 1)), 1),
      );
      return { loss: tf.add(reconstruction, kl), metrics: { reconstruction, kl } };
    },
  };
}
