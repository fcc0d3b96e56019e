/** What a child process adds to an engine: death, errors, and an end with its parent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import type { BoundExecutable, Executable, TensorFunction } from '../engine.ts';
import type { EngineError } from '../errors.ts';
import { allocate } from '../gradientError.ts';
import { findTfjsNode } from '../setup/tfjsNodeBinding.ts';
import { childOf, residentBytes } from '../testing/childProcesses.ts';
import { createChildEngine } from './childEngine.ts';

const square: TensorFunction = {
  inputs: { x: { shape: [2] } },
  apply: ({ x }) => ({ y: tf.square(x as Tensor) }),
};

/** Takes a while: a product of matrices in JavaScript. */
const slow: TensorFunction = {
  inputs: { a: { shape: [500, 500] } },
  apply: ({ a }) => ({ y: tf.matMul(a as Tensor, a as Tensor) }),
};

const bindTo = (executable: Executable): BoundExecutable =>
  executable.bind(allocate(executable.inputs), allocate(executable.outputs));

/** Each test has its engine, and so its child. */
async function load(fn: TensorFunction, engineName: string): Promise<Executable> {
  const engine = await createChildEngine({
    engine: engineName,
    inner: 'eager:cpu',
    environment: { LOCKSTEP_TEST_CHILD: engineName },
  });
  return engine.load(await engine.compile(fn), async () => fn);
}

const gone = (engineName: string) =>
  vi.waitFor(() => expect(() => childOf(engineName)).toThrow('has no child'), 20_000);

/** A program that has an engine in a child, and a run of `slow` under way. */
const program = (engineName: string, then: string): string => `
  import(${JSON.stringify(new URL('../../dist/childProcess/childEngine.js', import.meta.url).href)})
    .then(async ({ createChildEngine }) => {
      const { matMul } = await import('@tensorflow/tfjs-core');
      const fn = {
        inputs: { a: { shape: [500, 500] } },
        apply: ({ a }) => ({ y: matMul(a, a) }),
      };
      const engine = await createChildEngine({
        engine: 'test',
        inner: 'eager:cpu',
        environment: { LOCKSTEP_TEST_CHILD: '${engineName}' },
      });
      const executable = await engine.load(await engine.compile(fn));
      const a = new Float32Array(250000);
      const bound = executable.bind({ a }, { y: new Float32Array(250000) });
      await bound.run();
      ${then}
    });
`;

describe.skipIf(process.platform !== 'linux')('a child process', () => {
  test('that is killed fails the run under way, and those to come', async () => {
    const executable = await load(slow, 'killed');
    const bound = bindTo(executable);
    const run = bound.run();
    process.kill(childOf('killed'), 'SIGKILL');
    const died = { code: 'ENGINE_CHILD_DIED', got: expect.stringContaining('SIGKILL') as string };
    await expect(run).rejects.toMatchObject(died);
    await expect(run).rejects.toThrow(/^Engine "killed", child process \d+: expected a process/);
    await expect(bound.run()).rejects.toMatchObject(died);
    await executable.dispose();
  });

  test('that was killed is replaced for what is loaded next', async () => {
    const bound = bindTo(await load(square, 'replaced'));
    const first = childOf('replaced');
    process.kill(first, 'SIGKILL');
    await expect(bound.run()).rejects.toMatchObject({ code: 'ENGINE_CHILD_DIED' });
    const y = new Float32Array(2);
    await (await load(square, 'replaced')).bind({ x: Float32Array.of(2, 3) }, { y }).run();
    expect(y).toEqual(Float32Array.of(4, 9));
    expect(childOf('replaced')).not.toBe(first);
  });

  test('does not end by signals to the whole group: its parent may be finishing a step', async () => {
    const executable = await load(square, 'signalled');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.kill(childOf('signalled'), signal);
    await bindTo(executable).run();
  });

  test('lets the loop of its worker go on while it computes', async () => {
    const executable = await load(slow, 'busy');
    let running = true;
    const run = bindTo(executable)
      .run()
      .finally(() => (running = false));
    await setImmediate();
    expect(running).toBe(true);
    await run;
  });

  test.for([
    ['eager:cpu', true],
    ['eager:tfjs-node', findTfjsNode('cpu') !== undefined],
  ] as const)(
    'that runs %s keeps nothing of a thousand steps',
    { timeout: 120_000 },
    async ([inner, has], context) => {
      if (!has) context.skip(`${inner} is not set up here: run lockstep setup tensorflow`);
      const engine = `keeps nothing, ${inner}`;
      const environment = { LOCKSTEP_TEST_CHILD: engine, TF_NUM_INTRAOP_THREADS: '1' };
      const child = await createChildEngine({ engine, inner, environment });
      const fn: TensorFunction = { ...square, inputs: { x: { shape: [1 << 16] } } };
      const bound = bindTo(await child.load(await child.compile(fn), async () => fn));
      for (let step = 0; step < 200; step++) await bound.run();
      const before = residentBytes(childOf(engine));
      for (let step = 0; step < 1000; step++) await bound.run();
      // Half of what is left if each step leaves its result.
      expect(residentBytes(childOf(engine)) - before).toBeLessThan(500 * 4 * (1 << 16));
    },
  );

  test('sends its errors with their code, its stack, and the name that the user gave', async () => {
    const engine = await createChildEngine({
      engine: 'other',
      inner: 'eager:cpu',
      environment: {},
    });
    const compiled = await engine.compile(square);
    const error = await engine
      .load({ ...compiled, graph: new Uint8Array(3) }, async () => square)
      .then(
        () => undefined,
        (thrown: EngineError) => thrown,
      );
    expect(error).toMatchObject({ name: 'EngineError', code: 'ENGINE_RUNTIME_REFUSED' });
    expect(error?.where).toMatch(/^Engine "other", child process \d+$/);
    expect(error?.stack).toMatch(/in the child process: .*\n +at /);
    expect(error?.stack).toContain('childEntry.js');
  });

  test('refuses at the start with the error of its engine', async () => {
    const options = { engine: 'eager:fast', inner: 'eager:nowhere', environment: {} };
    await expect(createChildEngine(options)).rejects.toMatchObject({
      code: 'ENGINE_UNKNOWN',
      where: 'Engine "eager:fast"',
    });
  });

  test('ends with its worker thread', async () => {
    const then = "require('node:worker_threads').parentPort.postMessage('ready'); bound.run();";
    const worker = new Worker(program('thread', then), { eval: true, execArgv: [] });
    await once(worker, 'message');
    childOf('thread');
    await worker.terminate();
    await gone('thread');
  });

  test('ends with its parent, even if that is killed', async () => {
    const parent = spawn(
      process.execPath,
      ['-e', program('orphan', "console.log('ready'); bound.run();")],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(parent.stdout, 'data');
    childOf('orphan');
    parent.kill('SIGKILL');
    await gone('orphan');
  });

  test('keeps no process that has nothing else to do', async () => {
    const parent = spawn(process.execPath, ['-e', program('idle', '')], { stdio: 'inherit' });
    expect(await once(parent, 'exit')).toEqual([0, null]);
    await gone('idle');
  });
});
