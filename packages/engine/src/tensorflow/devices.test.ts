import { describe, expect, it } from 'vitest';
import { createEngine } from '../createEngine.ts';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';
import { encodeConfig } from './configProto.ts';
import { parseDevice } from './devices.ts';

describe('devices by name', () => {
  it.each([
    [undefined, 'cpu', '/device:CPU:0', false],
    ['cpu', 'cpu', '/device:CPU:0', false],
    ['cuda', 'cuda:0', '/device:GPU:0', true],
    ['cuda:0', 'cuda:0', '/device:GPU:0', true],
    ['cuda:12', 'cuda:12', '/device:GPU:12', true],
  ])('%s', (suffix, name, node, isGpu) => {
    expect(parseDevice(suffix)).toEqual({ name, node, isGpu });
  });

  it.each(['', 'gpu', 'cpu:0', 'cuda:', 'cuda:-1', 'cuda:0:1', 'CUDA:0'])(
    'there is no "%s"',
    (suffix) => {
      expect(() => parseDevice(suffix)).toThrow(
        expect.objectContaining({ code: 'ENGINE_DEVICE_UNKNOWN', got: `"${suffix}"` }),
      );
    },
  );
});

describe('the session', () => {
  const hex = (xla: boolean, gpu: boolean): string =>
    Buffer.from(encodeConfig({ xla, gpu })).toString('hex');
  // device_count { "GPU": 0 } or gpu_options { allow_growth }, one thread that is the caller's.
  const [noGpu, growth, caller] = ['0a070a034750551000', '32022001', '100128ffffffffffffffffff01'];

  it('leaves GPUs alone unless it is for one', () => {
    expect(hex(false, false)).toContain(noGpu);
    expect(hex(false, false)).not.toContain(growth);
    expect(hex(false, true)).toContain(growth);
    expect(hex(false, true)).not.toContain(noGpu);
  });

  it('runs in the thread that calls it', () => {
    for (const gpu of [true, false]) expect(hex(false, gpu)).toContain(caller);
  });

  it('says whether it wants XLA', () => {
    // graph_options { optimizer_options { global_jit_level: ON_2 or OFF } }
    expect(hex(true, false)).toMatch(/52041a022802$/);
    expect(hex(false, false)).toMatch(/520d1a0b28ffffffffffffffffff01$/);
  });
});

whereTensorflowIs(() => {
  it('a GPU that is not there is an error, and no silent fall back', async () => {
    await expect(createEngine('tensorflow:cuda:99')).rejects.toMatchObject({
      code: 'ENGINE_DEVICE_UNKNOWN',
      where: 'Engine "tensorflow:cuda:99"',
      got: expect.stringContaining('CPU:0') as string,
    });
  });

  it('`tensorflow:cpu` is `tensorflow`', async () => {
    expect((await createEngine('tensorflow:cpu')).name).toBe('tensorflow');
  });
});
