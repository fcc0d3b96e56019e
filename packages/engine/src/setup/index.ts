export { findTfjsNode, registerTfjsNode, TFJS_NODE_BACKEND } from './tfjsNodeBinding.ts';
export type { TfjsNodeBackend, TfjsNodePaths } from './tfjsNodeBinding.ts';
