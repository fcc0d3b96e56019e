/**
 * A convolutional VAE as people train on small photographs, for 32x32x3: 4.7 million parameters. Not a
 * preset; the benchmark's own (its PyTorch twin is in ../peer/networks.py).
 */
import { bernoulliLogits, convDecoder, convEncoder, vae, type ExampleInfo } from '@lockstep/core';

const filters = [64, 128, 256, 512];
const latentDim = 256;

export default function largeConv({ shape }: ExampleInfo) {
  return vae({
    name: 'large-conv',
    encoder: convEncoder({ inputShape: shape, filters, latentDim }),
    decoder: convDecoder({ outputShape: shape, filters, latentDim }),
    latentDim,
    likelihood: bernoulliLogits(),
  });
}
