/** A short run as its events tell it. */
import type {
  DoneEvent,
  EpochEvent,
  InterruptedEvent,
  ProfileEvent,
  StartEvent,
  StepEvent,
} from '@lockstep/protocol';

export const start: StartEvent = {
  event: 'start',
  model: 'mlp',
  engine: 'onnx',
  channel: 'shared',
  workers: 2,
  parameters: 652_824,
  examples: 60_000,
  testExamples: 10_000,
  batchSize: 128,
  microBatch: 32,
  slots: 4,
  stepsPerEpoch: 469,
  step: 0,
  totalSteps: 938,
  out: 'runs/mlp',
};

export const step: StepEvent = {
  event: 'step',
  step: 469,
  epoch: 1,
  loss: 160.25,
  metrics: { reconstruction: 140, kl: 20.25 },
  learningRate: 1e-3,
  examplesPerSec: 30_000,
};

export const epoch: EpochEvent = {
  event: 'epoch',
  epoch: 1,
  step: 469,
  trainLoss: 165,
  trainMetrics: { reconstruction: 145, kl: 20 },
  testLoss: 130.5,
  testMetrics: { reconstruction: 108, kl: 22.5 },
  examplesPerSec: 30_000,
};

export const profile: ProfileEvent = {
  event: 'profile',
  steps: 938,
  workers: [
    {
      worker: 0,
      engine: 'onnx',
      slots: 30,
      gatherSec: 0.25,
      computeSec: 3,
      waitSec: 0.25,
      updateSec: 0.5,
    },
    {
      worker: 1,
      engine: 'onnx',
      slots: 34,
      gatherSec: 0.25,
      computeSec: 3.25,
      waitSec: 0,
      updateSec: 0.5,
    },
  ],
};

export const done: DoneEvent = {
  event: 'done',
  steps: 938,
  examples: 120_000,
  epochs: 2,
  trainLoss: 128,
  testLoss: 120.5,
  testRecon: 98,
  testKl: 22.5,
  examplesPerSec: 31_000,
  workers: 2,
  weightsSha256: 'a'.repeat(64),
  out: 'runs/mlp',
};

export const interrupted: InterruptedEvent = {
  event: 'interrupted',
  step: 500,
  checkpoint: 'runs/mlp/checkpoints',
  out: 'runs/mlp',
};
