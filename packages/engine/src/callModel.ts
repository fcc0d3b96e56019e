/** Runs a model's own code. What it throws is said to come from there, with what it was given. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { EngineError } from './errors.ts';
import { shapeText } from './shapeText.ts';

/** Typed errors (with a `code`) pass as they are. */
export function callModel<T>(
  where: string,
  inputs: Readonly<Record<string, Tensor>>,
  call: () => T,
): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    const given = Object.entries(inputs).map(([name, { shape }]) => `${name} ${shapeText(shape)}`);
    throw new EngineError(
      {
        code: 'MODEL_THREW',
        where,
        expected: 'a result',
        got: String(error),
        fix: `Mend the model; it was given ${given.join(', ')}.`,
      },
      { cause: error },
    );
  }
}
