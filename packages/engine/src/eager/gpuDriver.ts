/** Whether there is a CUDA GPU, and why a library that wants one found none. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EngineError } from '../errors.ts';

/** Where Linux lists the GPUs that NVIDIA's driver has; the tests have others. */
const DRIVER = '/proc/driver/nvidia';

/** Before a library is loaded for it. Throws ENGINE_GPU_MISSING, ENGINE_DEVICE. */
export function checkDriver(engine: string, index: number, driver = DRIVER): void {
  // Elsewhere than on Linux, and in Windows' own, the library itself must find out.
  if (process.platform !== 'linux' || existsSync('/dev/dxg')) return;
  if (!existsSync(driver)) {
    throw gpuMissing(
      engine,
      `no driver (there is no ${driver})`,
      "Install NVIDIA's driver, and in a container pass the GPU through",
    );
  }
  const gpus = existsSync(`${driver}/gpus`) ? readdirSync(`${driver}/gpus`).length : 0;
  if (gpus === 0) {
    throw gpuMissing(engine, 'a driver without a GPU', 'Look at what nvidia-smi says');
  }
  if (index < gpus) return;
  throw new EngineError({
    code: 'ENGINE_DEVICE',
    where: `Engine "${engine}"`,
    expected: `one of this machine's ${gpus === 1 ? 'one GPU' : `${gpus} GPUs`}, counted from 0`,
    got: `GPU ${index}`,
    fix: `Name one of 0 to ${gpus - 1}.`,
  });
}

/** After the library has loaded and runs on the processor: it falls back in silence. */
export function fellBackToCpu(engine: string): EngineError {
  if (!loads('libcuda.so.1')) {
    return gpuMissing(
      engine,
      'no libcuda.so.1, which comes with the driver',
      "Install NVIDIA's driver, and in a container pass the GPU through",
    );
  }
  return gpuMissing(
    engine,
    'a libtensorflow that sees none: it was built without CUDA, or the CUDA libraries that it wants do not load',
    'Run `lockstep setup tensorflow --gpu`',
  );
}

function gpuMissing(engine: string, got: string, fix: string): EngineError {
  return new EngineError({
    code: 'ENGINE_GPU_MISSING',
    where: `Engine "${engine}"`,
    expected: 'a CUDA GPU',
    got,
    fix: `${fix}; or run on the processor with --engine eager:tfjs-node.`,
  });
}

function loads(library: string): boolean {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as { load(path: string): unknown };
    koffi.load(library);
    return true;
  } catch {
    return false;
  }
}
