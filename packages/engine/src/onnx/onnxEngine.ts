/** Compiles tensor functions to ONNX and runs them on ONNX Runtime's CPU provider, embedded. */
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { outputSpecs } from '../outputSpecs.ts';
import { channelBlock } from './channelBlock.ts';
import { onnxExecutable } from './onnxExecutable.ts';

const name = 'onnx';

export function createOnnxEngine(): Engine {
  return {
    name,
    async compile(fn) {
      // Not for the workers, which only load: they need neither tfjs nor the compiler.
      const [{ traceFunction }, { simplify }, { lowerGraph }] = await Promise.all([
        import('../trace/traceFunction.ts'),
        import('../simplify/simplify.ts'),
        import('./lowerGraph.ts'),
      ]);
      const graph = simplify(traceFunction(fn));
      const block = await channelBlock();
      return {
        engine: name,
        inputs: fn.inputs,
        outputs: outputSpecs(graph),
        graph: lowerGraph(graph, { channelBlock: block }),
        channelBlock: block,
      };
    },
    async load(compiled) {
      if (compiled.engine !== name || !compiled.graph) {
        throw mismatch(
          'a function that it compiled itself',
          `one compiled by "${compiled.engine}"`,
        );
      }
      if (compiled.channelBlock !== undefined) {
        const here = await channelBlock();
        if (here !== compiled.channelBlock) {
          throw mismatch(
            `a function compiled for this processor (channels in blocks of ${here ?? 1})`,
            `one for blocks of ${compiled.channelBlock}`,
          );
        }
      }
      return onnxExecutable(compiled, compiled.graph);
    },
  };
}

const mismatch = (expected: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_MISMATCH',
    where: 'Engine "onnx"',
    expected,
    got,
    fix: 'Compile and load with one engine, on one kind of machine.',
  });
