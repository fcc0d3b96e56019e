/** Compiles tensor functions to ONNX and runs them on ONNX Runtime, embedded. */
import type { CompiledFunction, Engine, TensorFunction } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { outputSpecs } from '../outputSpecs.ts';
import { channelBlock } from './channelBlock.ts';
import { onnxExecutable } from './onnxExecutable.ts';
import { checkProvider } from './checkProvider.ts';
import { providerNamed, type Provider } from './providers.ts';

/**
 * `onnx` (the CPU), `onnx:cpu`, `onnx:webgpu`, `onnx:cuda` (GPU 0), `onnx:cuda:N`.
 * Throws ENGINE_UNKNOWN, ENGINE_PROVIDER_MISSING.
 */
export async function createOnnxEngine(name = 'onnx'): Promise<Engine> {
  const provider = providerNamed(name);
  await checkProvider(provider);
  // Blocks of channels, and the operations on them, are the CPU's.
  const blockHere = async () => (provider.isCpu ? await channelBlock() : undefined);
  return {
    name,
    async compile(fn) {
      return { ...(await compileOnnx(fn, provider, await blockHere())), engine: name };
    },
    async load(compiled) {
      if (compiled.engine !== name || !compiled.graph) {
        throw mismatch(
          name,
          'a function that it compiled itself',
          `one compiled by "${compiled.engine}"`,
        );
      }
      if (compiled.channelBlock !== undefined) {
        const here = await blockHere();
        if (here !== compiled.channelBlock) {
          throw mismatch(
            name,
            `a function compiled for this processor (channels in blocks of ${here ?? 1})`,
            `one for blocks of ${compiled.channelBlock}`,
          );
        }
      }
      return onnxExecutable(compiled, compiled.graph, provider);
    },
  };
}

/** Needs neither the provider nor the runtime. */
export async function compileOnnx(
  fn: TensorFunction,
  { isCpu }: Pick<Provider, 'isCpu'>,
  channelBlock?: number,
): Promise<Omit<CompiledFunction, 'engine'>> {
  // Not for the workers, which only load: they need neither tfjs nor the compiler.
  const [{ traceFunction }, { simplify }, { lowerGraph }] = await Promise.all([
    import('../trace/traceFunction.ts'),
    import('../simplify/simplify.ts'),
    import('./lowerGraph.ts'),
  ]);
  const graph = simplify(traceFunction(fn));
  return {
    inputs: fn.inputs,
    outputs: outputSpecs(graph),
    graph: lowerGraph(graph, { channelBlock, gpu: !isCpu }),
    channelBlock,
  };
}

const mismatch = (name: string, expected: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_MISMATCH',
    where: `Engine "${name}"`,
    expected,
    got,
    fix: 'Compile and load with one engine, on one kind of machine.',
  });
