import type { DType } from '../graph.ts';
import { EngineError } from '../errors.ts';
import { scopePath } from './scope.ts';

/** tfjs's dtypes less the two that no graph holds. */
export function graphDType(dtype: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new EngineError({
    code: 'ENGINE_UNSUPPORTED_DTYPE',
    where: `Tracing ${scopePath() || 'the function'}`,
    expected: 'a tensor of float32, int32 or bool',
    got: dtype,
    fix: 'Use real numbers only; complex and string tensors cannot be compiled.',
  });
}
