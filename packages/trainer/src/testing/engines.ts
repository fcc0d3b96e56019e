/** Functions of models on engines that compile, beside what tfjs itself makes of them. */
import { createEngine, type Engine, type TensorFunction } from '@lockstep/engine';
import { expect } from 'vitest';
import { elementCount } from '../run/namedTensor.ts';

type Values = Readonly<Record<string, Float32Array>>;

/** The engine. Where it is not to be had here the test is skipped, or fails if nothing may be. */
export async function engineOrSkip(
  name: string,
  { skip }: { readonly skip: (reason: string) => never },
): Promise<Engine> {
  try {
    return await createEngine(name);
  } catch (error) {
    if (process.env['LOCKSTEP_REQUIRE'] === 'all') throw error;
    return skip(String(error));
  }
}

/**
 * Each output is that of tfjs, but for `tolerance` of its norm; `what` names the case in a failure. A
 * gradient that is nothing but cancellation is as exact as all gradients together.
 * @param inputs those of the function, and any others
 */
export async function expectAsTfjs(
  engine: Engine,
  fn: TensorFunction,
  inputs: Values,
  { what, tolerance = 1e-5 }: { readonly what: string; readonly tolerance?: number },
): Promise<void> {
  const given = Object.fromEntries(
    Object.keys(fn.inputs).map((input) => [input, inputs[input] as Float32Array]),
  );
  const ours = await run(engine, fn, given);
  const theirs = await run(await createEngine('eager:cpu'), fn, given);
  const isGradient = (output: string): boolean => output.startsWith('grad/');
  const gradients = Object.entries(theirs).filter(([output]) => isGradient(output));
  const floor = 1e-3 * Math.hypot(...gradients.map(([, values]) => norm(values)));
  for (const [output, expected] of Object.entries(theirs)) {
    const difference = expected.map((value, i) => (ours[output]?.[i] ?? NaN) - value);
    const scale = Math.max(norm(expected), isGradient(output) ? floor : 0);
    expect(norm(difference), `${what}, ${output}`).toBeLessThan(tolerance * (scale || 1));
  }
}

async function run(engine: Engine, fn: TensorFunction, inputs: Values): Promise<Values> {
  const executable = await engine.load(await engine.compile(fn), () => Promise.resolve(fn));
  const outputs = Object.fromEntries(
    Object.entries(executable.outputs).map(([name, { shape }]) => [
      name,
      new Float32Array(elementCount(shape)),
    ]),
  );
  await executable.bind(inputs, outputs).run();
  await executable.dispose();
  return outputs;
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
