import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { Buffers } from '../../engine.ts';
import { runOnce } from '../../gradientError.ts';
import { gradientFunction, type DifferentiableModel } from '../../gradientFunction.ts';
import { inputsFor } from '../values.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';

const worker = new URL('../../../testing/contractWorker.mjs', import.meta.url);
const models = new URL('../../../bench/models.mjs', import.meta.url);
const [model, microBatch, threads] = ['mlp', 8, 2];

interface Reply {
  readonly outputs?: Buffers;
  readonly error?: { readonly message: string };
}

const replyOf = (workerData: object): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData });
    thread.once('message', resolve).once('error', reject);
  });

/** Compared by these: there are a million numbers. */
const hashes = (buffers: Buffers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(buffers).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex'),
    ]),
  );

export function threadContract(engine: EngineUnderTest): void {
  describe('in threads', () => {
    test(
      'gives the same bits in two at once, every time, and here',
      { timeout: 300_000 },
      async () => {
        const known = (await import(/* @vite-ignore */ models.href)) as Record<
          string,
          DifferentiableModel
        >;
        const fn = gradientFunction(known[model]!, microBatch);
        const inputs = inputsFor(fn);
        const job = {
          compiled: await engine().compile(fn),
          barrier: new SharedArrayBuffer(4),
          ...{ model, microBatch, inputs, runs: 10, threads },
        };
        const replies = await Promise.all(Array.from({ length: threads }, () => replyOf(job)));
        const here = await runOnce(engine(), fn, inputs);
        for (const { outputs, error } of replies) {
          expect(error).toBeUndefined();
          expect(hashes(outputs ?? {})).toEqual(hashes(here));
        }
      },
    );
  });
}
