/**
 * tfjs-core, loaded when it is first needed. A worker that runs a compiled function needs none of it,
 * and would pay 25 MB and 100 ms: so the modules that the package's index reaches use this, and only
 * the tracer and the eager engines import it. It is the very instance that an import gives.
 */
import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-core';

let loaded: typeof Tfjs | undefined;

export function tfjs(): typeof Tfjs {
  loaded ??= createRequire(import.meta.url)('@tensorflow/tfjs-core') as typeof Tfjs;
  return loaded;
}
