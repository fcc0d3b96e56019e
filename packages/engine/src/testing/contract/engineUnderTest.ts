import type { Engine, Executable, TensorFunction } from '../../engine.ts';

/** Made before the tests run, and after they are listed. */
export type EngineUnderTest = () => Engine;

/** Largest error of one tensor, relative to its norm (see gradientError). */
export const tolerance = 1e-5;

/** As a worker gets it: through structured clone. */
export const load = async (engine: Engine, fn: TensorFunction): Promise<Executable> =>
  engine.load(structuredClone(await engine.compile(fn)), async () => fn);
