/** What every engine must do, whatever runs beneath it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../createEngine.ts';
import type { Engine } from '../../engine.ts';
import { functionContract } from './functionContract.ts';
import { gradientContract } from './gradientContract.ts';
import { memoryContract } from './memoryContract.ts';
import { refusalContract } from './refusalContract.ts';
import { runContract } from './runContract.ts';
import { threadContract } from './threadContract.ts';

/** @param create makes an engine that only the caller knows */
export function engineContract(name: string, create?: () => Promise<Engine>): void {
  describe(`engine ${name}`, () => {
    let engine: Engine;
    let reference: Engine;

    beforeAll(async () => {
      reference = await createEngine('eager:cpu');
      engine = await (create?.() ?? createEngine(name));
    });

    test('has the name it was asked for by', () => {
      expect(engine.name).toBe(name);
    });

    gradientContract(
      () => engine,
      () => reference,
    );
    runContract(() => engine);
    functionContract(() => engine);
    refusalContract(() => engine);
    // Other threads make an engine by its name.
    if (!create) threadContract(() => engine);
    memoryContract(name, () => engine);
  });
}
