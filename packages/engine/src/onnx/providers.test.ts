import { expect, test } from 'vitest';
import { createEngine } from '../createEngine.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { mlpVae } from '../testing/models.ts';
import { compileOnnx } from './onnxEngine.ts';
import { providerNamed } from './providers.ts';

test.each([
  ['onnx', true, ['cpu']],
  ['onnx:cpu', true, ['cpu']],
  ['onnx:webgpu', false, ['webgpu']],
  ['onnx:cuda', false, [{ name: 'cuda', deviceId: 0 }]],
  ['onnx:cuda:3', false, [{ name: 'cuda', deviceId: 3 }]],
])('%s', (name, isCpu, executionProviders) => {
  const { engine, options, ...provider } = providerNamed(name);
  expect({ engine, isCpu: provider.isCpu }).toEqual({ engine: name, isCpu });
  expect(options.executionProviders).toEqual(executionProviders);
  // What a GPU lacks is not given to the CPU in silence.
  const { session } = (options.extra ?? {}) as { session?: Record<string, string> };
  expect(session?.['disable_cpu_ep_fallback']).toBe(isCpu ? undefined : '1');
});

test.each(['onnx:', 'onnx:CPU', 'onnx:cpu:1', 'onnx:webgpu:1', 'onnx:cuda:x', 'onnx:cuda:0:0'])(
  '"%s" is no engine',
  async (name) => {
    await expect(createEngine(name)).rejects.toMatchObject({
      code: 'ENGINE_UNKNOWN',
      got: `"${name}"`,
    });
  },
);

test('a GPU that is missing is refused, with its cause', () => {
  const { refusal } = providerNamed('onnx:webgpu');
  const reason = '/a/webgpu_context.cc:136 x was false. Failed to get a WebGPU adapter: none\n\n';
  expect(refusal(reason, undefined)).toMatchObject({
    code: 'ENGINE_PROVIDER_MISSING',
    got: "ONNX Runtime's refusal (Failed to get a WebGPU adapter: none)",
  });
  expect(refusal('no memory', undefined)).toBeUndefined();
});

test('a node that only the CPU could run is refused', () => {
  const reason =
    'This session contains nodes ..., but fallback to CPU EP has been explicitly disabled';
  expect(providerNamed('onnx:cuda').refusal(reason, undefined)).toMatchObject({
    code: 'ENGINE_NO_LOWERING',
    where: 'Engine "onnx:cuda"',
  });
});

test("a graph for a GPU has none of ONNX Runtime's own operators", async () => {
  const fn = gradientFunction(mlpVae(20, 12, 4), 8);
  const domains = async (isCpu: boolean): Promise<number> => {
    const { graph } = await compileOnnx(fn, { isCpu });
    return (
      Buffer.from(graph ?? [])
        .toString('latin1')
        .split('FusedGemm').length - 1
    );
  };
  expect(await domains(true)).toBeGreaterThan(0);
  expect(await domains(false)).toBe(0);
});
