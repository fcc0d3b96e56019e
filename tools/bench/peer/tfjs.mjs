/**
 * Trains with tfjs as one would without Lockstep: its own backend, its own Adam, the same model, in this
 * thread. The protocol is that of speed.py, whose first lines say it.
 *
 *   node tfjs.mjs --network mlp --data train.npy --batch-size 128 --backend wasm
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import * as core from '@lockstep/core';
import * as tf from '@tensorflow/tfjs-core';
import { createJiti } from 'jiti';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', default: 'mlp' },
    data: { type: 'string', default: '' },
    'batch-size': { type: 'string', default: '128' },
    backend: { type: 'string', default: 'wasm' },
  },
});
const batchSize = Number(options['batch-size']);

/** One thread; for tfjs-node, the environment that we are started in says so. */
async function startBackend() {
  if (options.backend === 'wasm') {
    const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    setThreadsCount(1);
  } else {
    const { registerTfjsNode } = await import('@lockstep/engine/setup');
    registerTfjsNode(tf, 'cpu');
  }
  // Node's tfjs-core has no gradients without this file, which only a bundler, or jiti, can read.
  const jiti = createJiti(import.meta.url, { fsCache: false });
  await jiti.import('@tensorflow/tfjs-core/dist/register_all_gradients');
  await tf.setBackend(options.backend);
}

/** @returns {Promise<import('@lockstep/core').ModelFactory>} */
async function loadNetwork() {
  if (options.network === 'mlp' || options.network === 'conv') {
    return core.presets[options.network].create();
  }
  const file = new URL(`../models/${options.network}.ts`, import.meta.url);
  const virtualModules = { '@lockstep/core': core, '@tensorflow/tfjs-core': tf };
  const jiti = createJiti(import.meta.url, { fsCache: false, virtualModules });
  return jiti.import(file.href, { default: true });
}

/** @param {string} path of uint8 values; the header's length stands at byte 8 */
function readNpy(path) {
  const file = readFileSync(path);
  const header = file.toString('latin1', 10, 10 + file.readUInt16LE(8));
  const shape = /\(([^)]*)\)/.exec(header)?.[1]?.split(',').filter(Boolean).map(Number) ?? [];
  return { shape, values: file.subarray(10 + file.readUInt16LE(8)) };
}

await startBackend();
const { shape: all, values: pixels } = readNpy(options.data);
const [examples = 0, ...shape] = all;
const size = shape.reduce((product, n) => product * n, 1);
const model = (await loadNetwork())({ shape });
const initial = core.initializeParameters(model.parameters, 0);
const parameters = Object.fromEntries(
  model.parameters.map(({ name, shape: of }) => [
    name,
    tf.variable(tf.tensor(initial[name] ?? [], [...of])),
  ]),
);
const optimizer = tf.train.adam(1e-4);
const latent = model.noise['eps']?.shape ?? [];
const x = new Float32Array(batchSize * size);
let order = new Uint32Array();
let position = 0;

/** The next batch's rows, scaled to [0, 1]. */
function fillBatch() {
  if (position + batchSize > order.length) {
    order = new Uint32Array(tf.util.createShuffledIndices(examples));
    position = 0;
  }
  for (let i = 0; i < batchSize; i += 1) {
    const row = (order[position + i] ?? 0) * size;
    for (let j = 0; j < size; j += 1) x[i * size + j] = (pixels[row + j] ?? 0) / 255;
  }
  position += batchSize;
}

function step() {
  fillBatch();
  return tf.tidy(() => {
    const batch = { x: tf.tensor(x, [batchSize, ...shape]) };
    const noise = { eps: tf.randomNormal([batchSize, ...latent]) };
    const context = {
      training: true,
      weight: /** @type {tf.Tensor1D} */ (tf.ones([batchSize])),
      scalars: {},
    };
    const mean = () =>
      /** @type {tf.Scalar} */ (tf.mean(model.loss(parameters, batch, noise, context).loss));
    return optimizer.minimize(mean, true)?.dataSync()[0];
  });
}

/** @param {unknown} message */
const say = (message) => console.log(JSON.stringify(message));

say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { steps } = /** @type {{ steps: number }} */ (JSON.parse(line));
  const started = performance.now();
  for (let i = 0; i < steps; i += 1) {
    if (!Number.isFinite(step())) throw new Error('the loss is not finite');
  }
  say({ examplesPerSec: (steps * batchSize * 1000) / (performance.now() - started) });
}
