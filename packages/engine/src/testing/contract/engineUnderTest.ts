import type { Engine, Executable, TensorFunction } from '../../engine.ts';

/** Made before the tests run, and after they are listed. */
export type EngineUnderTest = () => Engine;

/**
 * Largest error of one tensor, relative to its norm (see gradientError). GPUs add in other orders. On
 * WebGPU, sine and cosine need be no better than 2^-11 (the specification of WGSL, "Accuracy").
 */
export function tolerance({ name }: Engine, testCase = ''): number {
  if (name.includes('webgpu') && /\b(sin|cos|tan)\b/.test(testCase)) return 2 ** -11;
  return /gpu|cuda/.test(name) ? 1e-4 : 1e-5;
}

/** As a worker gets it: through structured clone. */
export const load = async (engine: Engine, fn: TensorFunction): Promise<Executable> =>
  engine.load(structuredClone(await engine.compile(fn)), async () => fn);
