/**
 * WASM SIMD kernels over one imported, shared memory: a dataset and its staging area.
 *
 * No kernel keeps anything of its own in that memory: there is no data segment, no stack, no heap
 * (the module is compiled with the stub runtime and allocates nothing), so any number of threads may
 * instantiate it on the same memory. Addresses are bytes. Every operation is IEEE float32 in the
 * order written; WASM has no fused multiply-add, so the results are the same bits on every machine.
 */
export { flip, shift } from './augment';
export { binarize } from './binarize';
export { gather, gatherCodes, gatherFloats, gatherLabels, gatherSparse } from './gather';
export { philoxBlock } from './philox';
export { noise } from './noise';
export { shuffle } from './shuffle';
export { threshold } from './threshold';
