/** What the contract suite does not ask of every engine: shared sessions, refusals, other processes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { serialize as v8Bytes } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { CompiledFunction, TensorFunction } from '../engine.ts';
import { allocate, runOnce } from '../gradientError.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { mlpVae } from '../testing/models.ts';
import { sharedBuffers } from '../testing/sharedMemory.ts';
import { inputsFor } from '../testing/values.ts';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';
import { loadLibrary } from './library.ts';
import { createTensorflowEngine } from './tensorflowEngine.ts';

const twice: TensorFunction = {
  inputs: { x: { shape: [3] } },
  apply: ({ x }) => ({ y: tf.mul(x as Tensor, 2) }),
};
const source = async (): Promise<TensorFunction> => twice;
const x = Float32Array.of(1, 2, 3);

/** Sessions made and deleted while `action` runs. */
async function countSessions(
  action: () => Promise<void>,
): Promise<[made: number, deleted: number]> {
  const { api } = loadLibrary();
  const { TF_NewSession, TF_DeleteSession } = api;
  const counts: [number, number] = [0, 0];
  Object.assign(api, {
    TF_NewSession: (...args: Parameters<typeof TF_NewSession>) => {
      counts[0]++;
      return TF_NewSession(...args);
    },
    TF_DeleteSession: (...args: Parameters<typeof TF_DeleteSession>) => {
      counts[1]++;
      TF_DeleteSession(...args);
    },
  });
  try {
    await action();
  } finally {
    Object.assign(api, { TF_NewSession, TF_DeleteSession });
  }
  return counts;
}

whereTensorflowIs(() => {
  describe('the session', () => {
    it('is one for all that load a compiled function, and goes with the last', async () => {
      const engine = await createTensorflowEngine();
      const counts = await countSessions(async () => {
        const compiled = await engine.compile(twice);
        const [a, b] = [
          await engine.load(structuredClone(compiled), source),
          await engine.load(structuredClone(compiled), source),
        ];
        await a.dispose();
        const outputs = allocate(b.outputs);
        await b.bind({ x }, outputs).run();
        expect(outputs['y']).toEqual(Float32Array.of(2, 4, 6));
        await b.dispose();
        await b.dispose();
      });
      expect(counts).toEqual([1, 1]);
    });

    it('is made anew when all have gone', async () => {
      const engine = await createTensorflowEngine();
      const counts = await countSessions(async () => {
        const compiled = await engine.compile(twice);
        for (let i = 0; i < 3; i++) {
          const executable = await engine.load(compiled, source);
          const outputs = allocate(executable.outputs);
          await executable.bind({ x }, outputs).run();
          expect(outputs['y']).toEqual(Float32Array.of(2, 4, 6));
          await executable.dispose();
        }
      });
      expect(counts).toEqual([3, 3]);
    });

    it.each([
      ['another process', (session = '') => session.replace(/ \d+ /, ' 1 ')],
      ['another machine', (session = '') => session.replace(/ \S+ /, ' elsewhere ')],
      ['nobody', () => undefined],
    ])('is its own for what %s compiled', async (_, change) => {
      const engine = await createTensorflowEngine();
      const compiled = await engine.compile(twice);
      const counts = await countSessions(async () => {
        const foreign = { ...compiled, session: change(compiled.session) };
        const executable = await engine.load(foreign, source);
        const outputs = allocate(executable.outputs);
        await executable.bind({ x }, outputs).run();
        expect(outputs['y']).toEqual(Float32Array.of(2, 4, 6));
        await executable.dispose();
      });
      expect(counts).toEqual([1, 1]);
      await (await engine.load(compiled, source)).dispose();
    });

    it('does not run once it is given back', async () => {
      const engine = await createTensorflowEngine();
      const executable = await engine.load(await engine.compile(twice), source);
      const bound = executable.bind({ x }, allocate(executable.outputs));
      await executable.dispose();
      await expect(bound.run()).rejects.toThrow('disposed');
    });
  });

  describe('refuses', () => {
    it('what another engine compiled', async () => {
      const engine = await createTensorflowEngine();
      const compiled = { ...(await engine.compile(twice)), engine: 'onnx' };
      await expect(engine.load(compiled, source)).rejects.toMatchObject({
        code: 'ENGINE_MISMATCH',
        got: 'one compiled by "onnx"',
      });
    });

    it('bytes that are no graph', async () => {
      const engine = await createTensorflowEngine();
      const compiled = { ...(await engine.compile(twice)), session: undefined };
      const broken = { ...compiled, graph: Uint8Array.of(1, 2, 3) };
      await expect(engine.load(broken, source)).rejects.toMatchObject({
        code: 'ENGINE_RUNTIME_REFUSED',
      });
    });

    it('when it compiles, what only a run can tell', async () => {
      const engine = await createTensorflowEngine();
      const outOfRange: TensorFunction = {
        inputs: { x: { shape: [3] } },
        apply: ({ x }) => ({
          y: tf.gather(x as Tensor1D, tf.cast(tf.add(x as Tensor1D, 7), 'int32')),
        }),
      };
      const counts = await countSessions(async () => {
        await expect(engine.compile(outOfRange)).rejects.toMatchObject({
          code: 'ENGINE_RUNTIME_REFUSED',
          got: expect.stringContaining('not in [0, 3)') as string,
        });
      });
      expect(counts).toEqual([1, 1]);
    });
  });

  describe('inputs', () => {
    it('may lie on any boundary, and are read when it runs', async () => {
      const engine = await createTensorflowEngine();
      const executable = await engine.load(await engine.compile(twice), source);
      const memory = new SharedArrayBuffer(4096);
      for (const offset of [0, 4, 32, 60, 64, 100]) {
        const input = new Float32Array(memory, offset, 3);
        const outputs = { y: new Float32Array(memory, 2048 + offset, 3) };
        const bound = executable.bind({ x: input }, outputs);
        for (const scale of [1, 10]) {
          input.set(x.map((value) => value * scale));
          await bound.run();
          expect([...outputs.y]).toEqual([2, 4, 6].map((value) => value * scale));
        }
      }
      await executable.dispose();
    });

    it.each([false, true])('are left as they were (xla: %s)', async (xla) => {
      const fn = gradientFunction(mlpVae(100, 60, 8), 32);
      const engine = await createTensorflowEngine({ xla });
      const executable = await engine.load(await engine.compile(fn), async () => fn);
      const inputs = sharedBuffers(executable.inputs);
      const values = inputsFor(fn);
      for (const [name, buffer] of Object.entries(inputs)) buffer.set(values[name]!);
      const bound = executable.bind(inputs, sharedBuffers(executable.outputs));
      for (let run = 0; run < 3; run++) await bound.run();
      for (const [name, buffer] of Object.entries(inputs)) {
        expect(Float32Array.from(buffer), name).toEqual(values[name]);
      }
      await executable.dispose();
    });
  });

  describe('the bits', () => {
    const fn = gradientFunction(mlpVae(100, 60, 8), 32);

    /** In a process of its own, from the graph that this one compiled. */
    function hashInAnotherProcess(compiled: CompiledFunction): string {
      const dist = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;
      const script = `
        const { deserialize } = await import('node:v8');
        const { createHash } = await import('node:crypto');
        const { readFileSync } = await import('node:fs');
        const { createEngine } = await import(${JSON.stringify(dist('index.js'))});
        const { compiled, inputs } = deserialize(readFileSync(0));
        const engine = await createEngine(compiled.engine);
        const executable = await engine.load(compiled);
        const outputs = Object.fromEntries(Object.entries(compiled.outputs).map(
          ([name, { shape }]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]));
        await executable.bind(inputs, outputs).run();
        await executable.dispose();
        const hash = createHash('sha256');
        for (const values of Object.values(outputs)) hash.update(new Uint8Array(values.buffer));
        process.stdout.write(hash.digest('hex'));`;
      return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        input: v8Bytes({ compiled, inputs: inputsFor(fn) }),
        encoding: 'utf8',
      });
    }

    it.each([false, true])('are those of any other process (xla: %s)', async (xla) => {
      const engine = await createTensorflowEngine({ xla });
      const outputs = await runOnce(engine, fn, inputsFor(fn));
      const hash = createHash('sha256');
      for (const values of Object.values(outputs)) hash.update(new Uint8Array(values.buffer));
      const compiled = await engine.compile(fn);
      expect(compiled.xla).toBe(xla);
      expect(hashInAnotherProcess(compiled)).toBe(hash.digest('hex'));
      await (await engine.load(compiled, async () => fn)).dispose();
    });

    it('of a compiled function are its own, whatever the engine that loads it is told', async () => {
      const withXla = await createTensorflowEngine({ xla: true });
      const plain = await createTensorflowEngine();
      const expected = await runOnce(withXla, fn, inputsFor(fn));
      const executable = await plain.load(await withXla.compile(fn), async () => fn);
      const outputs = allocate(executable.outputs);
      await executable.bind(inputsFor(fn), outputs).run();
      await executable.dispose();
      expect(outputs).toEqual(expected);
      expect(await runOnce(plain, fn, inputsFor(fn))).not.toEqual(expected);
    });
  });
});
