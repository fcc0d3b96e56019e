/**
 * `eager:tfjs-node`, `eager:tfjs-node-gpu` (GPU 0) and `eager:tfjs-node-gpu:N`. TensorFlow's runtime and
 * tfjs-node's binding (a table without a lock) are one for the whole process, and read their devices and
 * threads from the environment as they load: so each worker has them in a child process of its own.
 */
import { createChildEngine } from '../childProcess/childEngine.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { checkDriver } from './gpuDriver.ts';

/** Throws ENGINE_GPU_MISSING, ENGINE_DEVICE, ENGINE_TFJS_NODE_MISSING. */
export async function createTfjsNodeEngine(name: string): Promise<Engine> {
  const [, backend = '', index, ...rest] = name.split(':');
  const gpu = backend === 'tfjs-node-gpu';
  if (rest.length > 0 || (index !== undefined && !(gpu && /^\d+$/.test(index)))) {
    throw unknownDevice(name, gpu);
  }
  if (gpu) checkDriver(name, Number(index ?? 0));
  const environment = {
    ...oneThread,
    ...(gpu ? exactGpu : {}),
    CUDA_VISIBLE_DEVICES: gpu ? cudaDevice(name, Number(index ?? 0)) : '',
  };
  return createChildEngine({ engine: name, inner: `eager:${backend}`, environment });
}

/** A worker is a core, and the order of every sum is fixed. */
const oneThread = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '1',
};

const exactGpu = {
  CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
  // Its default is all the memory there is.
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  TF_DETERMINISTIC_OPS: '1',
  // Products of matrices in float32, not in the 10 bits of TF32.
  NVIDIA_TF32_OVERRIDE: '0',
};

/** The Nth of the GPUs that this process may use. */
export function cudaDevice(engine: string, index: number): string {
  const allowed = process.env['CUDA_VISIBLE_DEVICES'];
  if (allowed === undefined) return String(index);
  const devices = allowed.split(',').filter((device) => device !== '');
  const device = devices[index];
  if (device !== undefined) return device;
  throw new EngineError({
    code: 'ENGINE_DEVICE',
    where: `Engine "${engine}"`,
    expected: `one of the ${devices.length} GPUs in CUDA_VISIBLE_DEVICES="${allowed}"`,
    got: `GPU ${index}`,
    fix: 'Name a GPU that is there; they are counted from 0.',
  });
}

const unknownDevice = (name: string, gpu: boolean): EngineError =>
  new EngineError({
    code: 'ENGINE_UNKNOWN',
    where: 'Engine',
    expected: gpu ? 'eager:tfjs-node-gpu, or eager:tfjs-node-gpu:1' : 'eager:tfjs-node',
    got: `"${name}"`,
    fix: gpu
      ? 'GPUs are numbered from 0.'
      : 'It runs on the processor; for a GPU, take eager:tfjs-node-gpu.',
  });
