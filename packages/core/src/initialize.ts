/**
 * Parameter specs and a seed to initial values. Parameter number i draws from stream i of kind
 * `init`, so its values depend on the seed, its place among the specs and its initialiser only.
 *
 *   uniform: low + (high - low) * u        normal: mean + stddev * z
 *
 * with u and z as in random/normal.ts, and every constant and operation rounded to float32.
 */
import type { Initializer } from './initializers.ts';
import type { ParameterSpec } from './model.ts';
import { fillNoise } from './random/noise.ts';
import { elementCount } from './shape.ts';

function scaleAndShift(values: Float32Array, scale: number, shift: number): void {
  for (const [i, value] of values.entries()) values[i] = Math.fround(scale * value) + shift;
}

function fill(out: Float32Array, init: Initializer, seed: number, stream: number): void {
  const position = { seed, kind: 'init', stream, epoch: 0, example: 0 } as const;
  const f = Math.fround;
  switch (init.kind) {
    case 'constant':
      out.fill(init.value);
      return;
    case 'uniform':
      fillNoise(out, 'uniform', position);
      scaleAndShift(out, f(f(init.high) - f(init.low)), f(init.low));
      return;
    case 'normal':
      fillNoise(out, 'normal', position);
      scaleAndShift(out, f(init.stddev), f(init.mean));
  }
}

/** Total number of values in the specs. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + elementCount(spec.shape), 0);
}

/**
 * Writes initial values into `out`: one array per spec, by name, each of the spec's size (on any
 * buffer, shared ones too). Throws MODEL_RANDOM_POSITION for a seed that is no safe integer >= 0.
 */
export function initializeInto(
  out: Readonly<Record<string, Float32Array>>,
  specs: readonly ParameterSpec[],
  seed: number,
): void {
  for (const [stream, spec] of specs.entries()) {
    const values = out[spec.name];
    if (values?.length !== elementCount(spec.shape)) {
      throw new Error(
        `initializeInto: "${spec.name}" needs ${String(elementCount(spec.shape))} values, ` +
          `has ${String(values?.length)}.`,
      );
    }
    fill(values, spec.init, seed, stream);
  }
}

/** Initial values by parameter name, in the specs' order. */
export function initializeParameters(
  specs: readonly ParameterSpec[],
  seed: number,
): Record<string, Float32Array> {
  const out = Object.fromEntries(
    specs.map((spec) => [spec.name, new Float32Array(elementCount(spec.shape))]),
  );
  initializeInto(out, specs, seed);
  return out;
}
