import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createChildEngine } from '../childProcess/childEngine.ts';
import { createEngine } from '../createEngine.ts';
import { findTfjsNode } from '../setup/tfjsNodeBinding.ts';
import { cachedLibraryFolder } from '../tensorflow/libraryFolder.ts';
import { cudaDevice } from './tfjsNodeEngine.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['eager:tfjs-node:0', 'eager:tfjs-node'],
  ['eager:tfjs-node-gpu:', 'eager:tfjs-node-gpu, or eager:tfjs-node-gpu:1'],
  ['eager:tfjs-node-gpu:-1', 'eager:tfjs-node-gpu, or eager:tfjs-node-gpu:1'],
  ['eager:tfjs-node-gpu:0:0', 'eager:tfjs-node-gpu, or eager:tfjs-node-gpu:1'],
])('%s is no engine', async (name, expected) => {
  await expect(createEngine(name)).rejects.toMatchObject({ code: 'ENGINE_UNKNOWN', expected });
});

describe('GPU N is', () => {
  test('the Nth of all', () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
    expect([cudaDevice('e', 0), cudaDevice('e', 3)]).toEqual(['0', '3']);
  });

  test('the Nth of those that this process may use', () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '2,GPU-5a');
    expect([cudaDevice('e', 0), cudaDevice('e', 1)]).toEqual(['2', 'GPU-5a']);
    expect(() => cudaDevice('e', 2)).toThrow(expect.objectContaining({ code: 'ENGINE_DEVICE' }));
  });

  test('none, where none may be used', () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '');
    expect(() => cudaDevice('e', 0)).toThrow(expect.objectContaining({ code: 'ENGINE_DEVICE' }));
  });
});

test('a library that is not there is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cache-'));
  vi.stubEnv('LOCKSTEP_CACHE', folder);
  await expect(createEngine('eager:tfjs-node')).rejects.toMatchObject({
    code: 'ENGINE_TFJS_NODE_MISSING',
    fix: expect.stringContaining('lockstep setup tensorflow') as string,
  });
  rmSync(folder, { recursive: true });
});

/** The library that has no CUDA, where the one with CUDA is looked for: what a silent fallback is. */
test('a GPU that TensorFlow did not take is an error that says why', async (context) => {
  if (!findTfjsNode('cpu')) {
    context.skip('tfjs-node is not set up here (`lockstep setup tensorflow`)');
  }
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cache-'));
  const { LOCKSTEP_CACHE: _, ...environment } = process.env;
  const place = cachedLibraryFolder('gpu', { ...environment, LOCKSTEP_CACHE: folder });
  symlinkSync(cachedLibraryFolder('cpu'), join(folder, basename(place)));
  const child = createChildEngine({
    engine: 'eager:tfjs-node-gpu:7',
    inner: 'eager:tfjs-node-gpu',
    environment: { LOCKSTEP_CACHE: folder, CUDA_VISIBLE_DEVICES: '0' },
  });
  await expect(child).rejects.toMatchObject({
    code: 'ENGINE_GPU_MISSING',
    where: 'Engine "eager:tfjs-node-gpu:7"',
    expected: 'a CUDA GPU',
    got: expect.stringMatching(/libcuda|built without CUDA/) as string,
    fix: expect.stringContaining('--engine eager:tfjs-node.') as string,
  });
  rmSync(folder, { recursive: true });
});
