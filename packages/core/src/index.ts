export type { Initializer } from './initializers.ts';
export type {
  ExampleInfo,
  ExampleShape,
  LossResult,
  Model,
  ModelFactory,
  ModelFunction,
  NamedTensors,
  NoiseSpec,
  ParameterSpec,
} from './model.ts';
export { ModelError } from './errors.ts';
export type { ModelErrorDetails } from './errors.ts';
export { philox4x32 } from './random/philox.ts';
export type { PhiloxBlock, PhiloxKey } from './random/philox.ts';
export { cosSinTurns, logFloat32 } from './random/float32Math.ts';
export { normalPairFromWords, uniformFromWord } from './random/normal.ts';
export { purposeCode, purposeKinds, seedKey } from './random/counter.ts';
export type { PurposeKind, RandomPosition } from './random/counter.ts';
export { fillNoise } from './random/noise.ts';
export type { NoiseDistribution } from './random/noise.ts';
export { shuffle } from './random/shuffle.ts';
export type { ShuffleOptions } from './random/shuffle.ts';
