/**
 * tfjs-core in Node registers no gradients, and the module that does cannot be imported there: it is
 * written for bundlers. So our build bundles it; the bundle fills the registry that every copy of
 * tfjs-core in this process shares. Where a bundler user has registered them already, nothing is done.
 */
import { createRequire } from 'node:module';
import { EngineError } from './errors.ts';
import { repairGradients } from './repairedGradients.ts';
import { tfjs } from './tfjs.ts';

export function registerGradients(): void {
  if (tfjs().getGradient('Square') == null) loadGradients();
  repairGradients();
}

function loadGradients(): void {
  try {
    // The same relative path from src/ and from dist/. `require`, because it must be synchronous.
    createRequire(import.meta.url)('../generated/gradients.cjs');
  } catch (error) {
    throw new EngineError(
      {
        code: 'ENGINE_NOT_BUILT',
        where: '@lockstep/engine',
        expected: 'generated/gradients.cjs, which the build makes',
        got: String(error),
        fix: 'Run `npm run build`.',
      },
      { cause: error },
    );
  }
}
