/** A small configuration and checkpoint for tests. */
import type { ResolvedConfig } from '../../config/resolvedConfig.ts';
import type { Checkpoint } from '../checkpoint.ts';

export const exampleConfig: ResolvedConfig = {
  model: { kind: 'preset', name: 'mlp', options: { latentDim: 2, klWeight: 1 } },
  data: { source: 'mnist' },
  engine: 'onnx',
  engineAsked: 'onnx',
  workers: 2,
  workersAsked: 'auto',
  channel: 'shared',
  batchSize: 100,
  microBatch: 25,
  slots: 16,
  epochs: 10,
  learningRate: 1e-3,
  scaleLr: false,
  optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  schedule: { name: 'constant', warmupSteps: 0 },
  seed: 2 ** 53 - 1,
  checkpoint: { keep: 3 },
};

export function exampleCheckpoint(step = 7): Checkpoint {
  const parameters = [
    { name: 'encoder/0/kernel', shape: [2, 3], data: Float32Array.of(1, -2.5, 3, 0, 1e-40, 6) },
    { name: '1', shape: [], data: Float32Array.of(step) }, // JSON would sort such a name first
    { name: 'ünïcode "quoted"', shape: [1], data: Float32Array.of(Infinity) },
  ];
  const moment = (value: number) =>
    parameters.map((tensor) => ({ ...tensor, data: tensor.data.map(() => value) }));
  return {
    model: 'mlp',
    seed: exampleConfig.seed,
    step,
    examplesSeen: 100 * step,
    config: exampleConfig,
    data: { examples: 1000, testExamples: 100, shape: [28, 28, 1], format: { kind: 'image' } },
    state: { bestLoss: 105.25, notes: ['a', null, true] },
    parameters,
    moments: { m: moment(0.5), v: moment(0.25) },
  };
}
