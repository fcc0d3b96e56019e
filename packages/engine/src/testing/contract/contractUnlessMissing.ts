/** The contract of engines that a machine may lack: skipped there, with the reason. */
import { test } from 'vitest';
import { createEngine } from '../../createEngine.ts';
import { EngineError } from '../../errors.ts';
import { engineContract } from './engineContract.ts';

/** Not there to be driven, or not set up. A package that is missing, or does not load, is an error. */
const missing = /^ENGINE_(WEBGPU|PROVIDER|GPU|LIBRARY|TFJS_NODE)_MISSING$/;

export async function contractUnlessMissing(name: string): Promise<void> {
  try {
    await createEngine(name);
  } catch (error) {
    if (!(error instanceof EngineError) || !missing.test(error.code)) throw error;
    if (isRequired(name)) throw error;
    console.log(`engine ${name} is not tested: ${error.message}`);
    test.skip(`engine ${name}: ${error.got}`, () => undefined);
    return;
  }
  engineContract(name);
}

/** With LOCKSTEP_REQUIRE=all, WebGPU where there is a driver for it, in software at least. */
function isRequired(name: string): boolean {
  const driver = process.env['VK_ICD_FILENAMES'] !== undefined;
  return process.env['LOCKSTEP_REQUIRE'] === 'all' && name.endsWith('webgpu') && driver;
}
