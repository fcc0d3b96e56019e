/** Runs a tensor function once on an engine, from compile to result. */
import { elementCount } from '../buffers.ts';
import type { Buffers, Engine, TensorFunction } from '../engine.ts';

export async function evaluate(
  engine: Engine,
  fn: TensorFunction,
  inputs: Buffers,
): Promise<Record<string, Float32Array>> {
  const executable = await engine.load(await engine.compile(fn), () => Promise.resolve(fn));
  const outputs = Object.fromEntries(
    Object.entries(executable.outputs).map(([name, { shape }]) => [
      name,
      new Float32Array(elementCount(shape)).fill(NaN),
    ]),
  );
  await executable.bind(inputs, outputs).run();
  await executable.dispose();
  return outputs;
}
