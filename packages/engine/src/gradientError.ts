/**
 * How far two engines are apart. Both run the same function on the same inputs; the error of one
 * tensor is ‖actual - expected‖₂ / ‖expected‖₂ over all its elements (‖actual‖₂ where the expected
 * tensor is zero), and the error of a function is the largest over its outputs.
 */
import { elementCount } from './buffers.ts';
import type { Buffers, Engine, TensorFunction, TensorSpecs } from './engine.ts';

export interface GradientError {
  /** The largest of `outputs`. */
  readonly error: number;
  readonly outputs: Readonly<Record<string, number>>;
}

/** ‖actual - expected‖₂ / ‖expected‖₂; NaN anywhere gives NaN. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] ?? NaN, expected[i] ?? NaN];
    difference += (a - e) ** 2;
    norm += e * e;
  }
  return Math.sqrt(difference) / (norm === 0 ? 1 : Math.sqrt(norm));
}

/** Of `engine` against `reference`, for one function on one set of inputs. */
export async function gradientError(
  engine: Engine,
  reference: Engine,
  fn: TensorFunction,
  inputs: Buffers,
): Promise<GradientError> {
  const actual = await runOnce(engine, fn, inputs);
  const expected = await runOnce(reference, fn, inputs);
  const outputs = Object.fromEntries(
    Object.entries(expected).map(([name, values]) => [
      name,
      relativeError(actual[name] ?? [], values),
    ]),
  );
  return { error: Math.max(0, ...Object.values(outputs)), outputs };
}

/** Compiles, loads, runs once and disposes. */
export async function runOnce(
  engine: Engine,
  fn: TensorFunction,
  inputs: Buffers,
): Promise<Record<string, Float32Array>> {
  const executable = await engine.load(await engine.compile(fn), async () => fn);
  try {
    const outputs = allocate(executable.outputs);
    await executable.bind(inputs, outputs).run();
    return outputs;
  } finally {
    await executable.dispose();
  }
}

/** Zeroed buffers for these specs. */
export const allocate = (specs: TensorSpecs): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(elementCount(shape))]),
  );
