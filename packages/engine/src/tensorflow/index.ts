export { createTensorflowEngine } from './tensorflowEngine.ts';
export type { TensorflowOptions } from './tensorflowEngine.ts';
