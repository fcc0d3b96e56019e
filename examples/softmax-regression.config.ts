/** The run that trains softmax-regression.ts on MNIST. Paths are relative to this file. */
import { defineConfig } from '@lockstep/trainer';

export default defineConfig({
  model: './softmax-regression.ts',
  data: 'mnist',
  batchSize: 100,
  epochs: 5,
  optimizer: 'adam',
  learningRate: 1e-3,
});
