/** A trained model run with another engine than the one that trained it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { withEvaluationEngine } from './config/evaluationEngine.ts';
import { resolveTrainConfig } from './config/resolveTrainConfig.ts';
import { reconstructRun } from './uses/reconstruct.ts';
import { sampleRun } from './uses/sample.ts';
import { evaluateRun } from './evaluateRun.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';

const { done, temporary } = wholeRuns({ train: 60, test: 33 });
const training = { preset: 'mlp', steps: 2, batchSize: 20, workers: 2 } as const;

it('gives the same figures and pictures, up to their last digits', async () => {
  const { out: run } = await done({ ...training, engine: 'eager:cpu' });
  const own = await evaluateRun(run, { workerEntry });
  const other = await evaluateRun(run, { workerEntry, engine: 'onnx' });
  expect([own.engine, other.engine]).toEqual(['eager:cpu', 'onnx']);
  expect(other.testLoss / own.testLoss).toBeCloseTo(1, 5);
  for (const draw of [sampleRun, reconstructRun]) {
    const pixels = async (name: string, engine?: string): Promise<Uint8Array> => {
      const out = join(temporary, `${name}.png`);
      await draw(run, {
        workerEntry,
        count: 4,
        out,
        seed: 1,
        ...(engine !== undefined && { engine }),
      });
      return Uint8Array.from(decode(readFileSync(out)).data);
    };
    const [a, b] = [await pixels('own'), await pixels('other', 'onnx')];
    expect(b.length).toBe(a.length);
    expect(a.every((value, i) => Math.abs(value - b[i]!) <= 1)).toBe(true);
  }
});

it('an engine that there is not is named', async () => {
  const { out: run } = await done({ ...training, engine: 'onnx' });
  const lacking = await evaluateRun(run, { workerEntry, engine: 'onnx:tpu' }).catch(
    (error: unknown) => error,
  );
  expect(lacking).toMatchObject({ code: expect.stringMatching(/^ENGINE_/u) as string });
  const misspelt = evaluateRun(run, { workerEntry, engine: 'onxx' });
  await expect(misspelt).rejects.toMatchObject({ code: 'CONFIG_UNKNOWN_NAME', where: '--engine' });
});

it('keeps nothing of the engine that trained it but the number of workers', async () => {
  const resolved = await resolveTrainConfig({ flags: { ...training, workers: 3, engine: 'onnx' } });
  const trained = {
    ...resolved,
    ...{ engine: 'tensorflow:cuda:0', devices: ['cuda:0', 'cpu', 'cpu'], xla: true },
    workerEngines: ['tensorflow:cuda:0', 'onnx', 'onnx'],
  };
  expect(await withEvaluationEngine(trained, { engine: 'onnx' })).toEqual(resolved);
  const { workerEngines: _mixed, ...first } = trained;
  expect(await withEvaluationEngine(trained, { workers: 2 })).toEqual({ ...first, workers: 2 });
  const gpu = await withEvaluationEngine(trained, { engine: 'onnx:webgpu' });
  expect(gpu).toMatchObject({ engine: 'onnx:webgpu', workers: 1 });
});
