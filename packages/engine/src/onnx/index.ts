export { createOnnxEngine } from './onnxEngine.ts';
