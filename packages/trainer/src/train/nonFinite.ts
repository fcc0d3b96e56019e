import type { RoundRecord } from '@lockstep/collective';
import { RunError } from '../errors.ts';

/** A loss or metric that is NaN or infinite: which, and where. */
export function nonFiniteError(
  { weight, sums }: RoundRecord,
  metrics: readonly string[],
  { where, kept }: { readonly where: string; readonly kept: string },
): RunError {
  const bad = ['loss', ...metrics]
    .map((name, i) => ({ name, value: (sums[i] ?? NaN) / weight }))
    .filter(({ value }) => !Number.isFinite(value))
    .map(({ name, value }) => `${name} = ${value}`);
  return new RunError({
    code: 'RUN_NOT_FINITE',
    where,
    expected: 'a finite loss and finite metrics',
    got: bad.join(', '),
    fix: `Start again with a lower --learning-rate, clip the gradient (clipNorm), or look at the model's logarithms and divisions. ${kept}`.trimEnd(),
  });
}
