export { setupTensorflow } from './setupTensorflow.ts';
export type { SetupOptions, SetupResult } from './setupTensorflow.ts';
export type { SetupProgress } from './progress.ts';
export { findTfjsNode, registerTfjsNode, TFJS_NODE_BACKEND } from './tfjsNodeBinding.ts';
export type { TfjsNodeBackend, TfjsNodePaths } from './tfjsNodeBinding.ts';
