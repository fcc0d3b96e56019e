/** The contract of engines that a machine may lack. */
import { expect, test } from 'vitest';
import { createEngine } from '../../createEngine.ts';
import { EngineError } from '../../errors.ts';
import { engineContract } from './engineContract.ts';

/** Not there to be driven, or not set up. A package that is missing, or does not load, is an error. */
const missing = /^ENGINE_(WEBGPU|PROVIDER|GPU|LIBRARY|TFJS_NODE)_MISSING$/;

/**
 * Where the engine is missing, the tests are skipped with the reason. LOCKSTEP_REQUIRE=all allows
 * that for NVIDIA's GPUs alone, which no set-up brings: there the refusal is what is tested.
 */
export async function contractUnlessMissing(name: string): Promise<void> {
  try {
    await createEngine(name);
  } catch (error) {
    if (!(error instanceof EngineError) || !missing.test(error.code)) throw error;
    console.log(`engine ${name} is not tested: ${error.message}`);
    if (needsNvidia(name)) refusalOf(name);
    else if (process.env['LOCKSTEP_REQUIRE'] === 'all') throw error;
    else test.skip(`engine ${name}: ${error.got}`, () => undefined);
    return;
  }
  engineContract(name);
}

const needsNvidia = (name: string): boolean => /cuda|tfjs-node-gpu/.test(name);

function refusalOf(name: string): void {
  test(`engine ${name} is refused where it cannot run, and says why`, async () => {
    const refused = createEngine(name);
    await expect(refused).rejects.toBeInstanceOf(EngineError);
    await expect(refused).rejects.toMatchObject({
      code: expect.stringMatching(missing) as string,
      got: expect.stringMatching(/GPU|CUDA|driver|library/i) as string,
      fix: expect.stringMatching(/\w/) as string,
    });
  });
}
