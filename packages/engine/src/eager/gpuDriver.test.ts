import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDriver } from './gpuDriver.ts';

const engine = 'eager:tfjs-node-gpu:1';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lockstep-driver-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** As NVIDIA's driver lists them. */
function driverWith(...gpus: readonly string[]): string {
  mkdirSync(join(folder, 'gpus'));
  for (const gpu of gpus) mkdirSync(join(folder, 'gpus', gpu));
  return folder;
}

describe.skipIf(process.platform !== 'linux')("NVIDIA's driver", () => {
  test('with the GPU asked for', () => {
    checkDriver(engine, 1, driverWith('0000:01:00.0', '0000:02:00.0'));
  });

  test.each([
    ['is missing', () => join(folder, 'none'), 'ENGINE_GPU_MISSING', /^no driver \(there is no /],
    ['has no GPU', () => driverWith(), 'ENGINE_GPU_MISSING', /^a driver without a GPU$/],
    ['has another GPU only', () => driverWith('0000:01:00.0'), 'ENGINE_DEVICE', /^GPU 1$/],
  ])('%s', (_, driver, code, got) => {
    expect(() => checkDriver(engine, 1, driver())).toThrow(
      expect.objectContaining({
        code,
        where: `Engine "${engine}"`,
        got: expect.stringMatching(got) as string,
      }),
    );
  });
});
