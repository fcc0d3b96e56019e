/** Compiles tensor functions to ONNX and runs them on ONNX Runtime's CPU provider, embedded. */
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import { onnxExecutable } from './onnxExecutable.ts';

const name = 'onnx';

export function createOnnxEngine(): Engine {
  return {
    name,
    async compile(fn) {
      // Not for the workers, which only load: they need neither tfjs nor the compiler.
      const [{ traceFunction }, { simplify }, { lowerGraph }, { channelBlock }] = await Promise.all(
        [
          import('../trace/traceFunction.ts'),
          import('../simplify/simplify.ts'),
          import('./lowerGraph.ts'),
          import('./channelBlock.ts'),
        ],
      );
      const graph = simplify(traceFunction(fn));
      return {
        engine: name,
        inputs: fn.inputs,
        outputs: outputSpecs(graph),
        graph: lowerGraph(graph, { channelBlock: await channelBlock() }),
      };
    },
    async load(compiled) {
      if (compiled.engine !== name || !compiled.graph) {
        throw new EngineError({
          code: 'ENGINE_MISMATCH',
          where: 'Engine "onnx"',
          expected: 'a function that it compiled itself',
          got: `one compiled by "${compiled.engine}"`,
          fix: 'Use one engine for compile and load.',
        });
      }
      return onnxExecutable(compiled, compiled.graph);
    },
  };
}

const outputSpecs = ({ outputs, values }: Graph) =>
  Object.fromEntries(
    Object.entries(outputs).map(([output, id]) => [output, { shape: values[id]?.shape ?? [] }]),
  );
