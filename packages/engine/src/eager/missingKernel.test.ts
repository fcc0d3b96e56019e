import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { TensorFunction } from '../engine.ts';
import { allocate } from '../gradientError.ts';
import { checkKernels } from './missingKernel.ts';
import { createEagerEngine } from './eagerEngine.ts';

const functionOf = (apply: (x: Tensor) => Tensor): TensorFunction => ({
  inputs: { x: { shape: [2, 2] } },
  apply: ({ x }) => ({ y: apply(x as Tensor) }),
});

const einsum = functionOf((x) => tf.einsum('ij,jk->ik', x, x));

/** Of WASM. */
const lacksEinsum = {
  code: 'ENGINE_UNSUPPORTED_KERNEL',
  got: 'tfjs kernel "Einsum", which it has not',
  fix: 'Run with --engine eager:cpu, which has it.',
};

test('a kernel that a backend lacks is named when the function is compiled', async () => {
  const engine = await createEagerEngine('wasm');
  await expect(engine.compile(einsum)).rejects.toMatchObject(lacksEinsum);
  expect(tf.engine().state.numTensors).toBe(0);
});

test('or when it is run, if it was compiled elsewhere', async () => {
  const compiled = await (await createEagerEngine('cpu')).compile(einsum);
  const executable = await (await createEagerEngine('wasm')).load(compiled, async () => einsum);
  const x = new Float32Array(4);
  const run = executable.bind({ x }, allocate(executable.outputs)).run();
  await expect(run).rejects.toMatchObject(lacksEinsum);
});

test('or in its graph, with its place in the model', async () => {
  await createEagerEngine('wasm');
  const scope = 'encoder/attention';
  const node = { kernel: 'Einsum', inputs: {}, attrs: {}, outputs: [], scope };
  const graph = { values: [], constants: [], nodes: [node], inputs: {}, outputs: {} };
  await expect(checkKernels(graph, 'wasm')).rejects.toMatchObject({
    ...lacksEinsum,
    where: 'Engine "eager:wasm" (in encoder/attention)',
  });
});

test('a kernel that nobody has', async () => {
  const engine = await createEagerEngine('cpu');
  const unknown = functionOf((x) => tf.engine().runKernel('Mystery', { x }));
  await expect(engine.compile(unknown)).rejects.toMatchObject({
    code: 'ENGINE_UNSUPPORTED_KERNEL',
    fix: 'Write that part of the model with other operations.',
  });
});
