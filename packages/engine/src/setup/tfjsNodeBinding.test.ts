import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { EngineError } from '../errors.ts';
import { registerGradients } from '../registerGradients.ts';
import { cachedLibraryFolder } from '../tensorflow/libraryFolder.ts';
import {
  findTfjsNode,
  registerTfjsNode,
  TFJS_NODE_BACKEND,
  tfjsNodePaths,
} from './tfjsNodeBinding.ts';
import type { TfjsNodeBackend } from './tfjsNodeBinding.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function emptyCache(): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-tfjs-node-'));
  folders.push(folder);
  return { LOCKSTEP_CACHE: folder };
}

function failureOf(run: () => void): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Skips the test where the set-up has not run; fails it if LOCKSTEP_REQUIRE=all. */
function requireTfjsNode(context: TestContext): void {
  if (findTfjsNode('cpu') !== undefined) return;
  const message = `no tfjs-node in ${cachedLibraryFolder('cpu')}: run lockstep setup tensorflow`;
  if (process.env['LOCKSTEP_REQUIRE'] === 'all') throw new Error(message);
  context.skip(message);
}

it('says what to type where nothing was set up', () => {
  const error = failureOf(() => registerTfjsNode(tf, 'gpu', emptyCache()));
  expect(error.code).toBe('ENGINE_TFJS_NODE_MISSING');
  expect(error.where).toBe('Engine "eager:tfjs-node-gpu"');
  expect(error.fix).toContain('`lockstep setup tensorflow --gpu`');
});

it.each([
  ['the binding is broken', 10, /not a library|invalid ELF|too short|mach-o/i],
  ['the library is cut short', 11, /not whole/],
])('says so where %s', (_, bytes, got) => {
  const environment = emptyCache();
  const folder = cachedLibraryFolder('cpu', environment);
  const paths = tfjsNodePaths(folder);
  mkdirSync(paths.package, { recursive: true });
  writeFileSync(paths.binding, 'not a library');
  writeFileSync(join(folder, 'library.so'), '0123456789');
  const files = { 'library.so': bytes };
  writeFileSync(join(folder, 'lockstep.json'), JSON.stringify({ wheel: '', sha256: '', files }));
  const error = failureOf(() => registerTfjsNode(tf, 'cpu', environment));
  expect(error.code).toBe('ENGINE_LIBRARY_BROKEN');
  expect(error.got).toMatch(got);
  expect(error.expected).toContain(paths.folder);
  expect(tf.findBackendFactory(TFJS_NODE_BACKEND)).toBeFalsy();
});

it('computes and differentiates on the library that was set up', async (context) => {
  requireTfjsNode(context);
  process.env['TF_CPP_MIN_LOG_LEVEL'] = '3';
  registerGradients();
  await tf.setBackend('cpu');
  registerTfjsNode(tf, 'cpu');
  expect(tf.getBackend()).toBe('cpu');
  registerTfjsNode(tf, 'cpu');

  const values = Float32Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) / 101 - 0.5);
  const compute = (): number[][] =>
    tf.tidy(() => {
      const a = tf.tensor2d(values.subarray(0, 24), [6, 4]);
      const b = tf.tensor2d(values.subarray(24, 44), [4, 5]);
      const image = tf.tensor4d(values.subarray(0, 50), [1, 5, 5, 2]);
      const filter = tf.tensor4d(values.subarray(6, 42), [3, 3, 2, 2]);
      const { value, grads } = tf.valueAndGrads((x, y) =>
        tf.sum(tf.tanh(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D))),
      )([a, b]);
      const largest = tf.topk(tf.sum(tf.conv2d(image, filter, 1, 'same'), [0, 3]), 2);
      return [value, ...grads, largest.values, largest.indices].map((x) => [...x.dataSync()]);
    });
  const onCpu = compute();
  await tf.setBackend(TFJS_NODE_BACKEND);
  expect((tf.backend() as TfjsNodeBackend).isUsingGpuDevice).toBe(false);
  const onTfjsNode = compute();
  for (const [index, expected] of onCpu.entries()) {
    expect(onTfjsNode[index]).toHaveLength(expected.length);
    for (const [i, x] of expected.entries()) expect(onTfjsNode[index]?.[i]).toBeCloseTo(x, 5);
  }
  expect(tf.memory().numTensors).toBe(0);
});

it('links the library beside it, by a path that may move', (context) => {
  requireTfjsNode(context);
  const { binding } = tfjsNodePaths(cachedLibraryFolder('cpu'));
  const bytes = readFileSync(binding, 'latin1');
  expect(bytes).toMatch(/\$ORIGIN\/\.\.|@loader_path\/\.\./);
  expect(bytes).not.toContain(cachedLibraryFolder('cpu'));
});
