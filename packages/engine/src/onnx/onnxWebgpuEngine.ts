/**
 * `onnx:webgpu`, in a child process of each worker: ONNX Runtime has one WebGPU device for a process,
 * without locks, and two threads that use it crash (seen in 1.30).
 */
import { createChildEngine } from '../childProcess/childEngine.ts';
import type { Engine } from '../engine.ts';
import { compileOnnx } from './onnxEngine.ts';

const engine = 'onnx:webgpu';

/** Throws ENGINE_PROVIDER_MISSING. */
export const createOnnxWebgpuEngine = (): Promise<Engine> =>
  createChildEngine({ engine, inner: engine, environment: {} }, (fn) =>
    compileOnnx(fn, { isCpu: false }),
  );
