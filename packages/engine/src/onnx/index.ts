export { createOnnxEngine } from './onnxEngine.ts';
export { createOnnxWebgpuEngine } from './onnxWebgpuEngine.ts';
