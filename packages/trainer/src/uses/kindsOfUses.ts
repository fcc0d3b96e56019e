/**
 * Uses that are for runs on some kinds of data alone; all others are for any. docs/uses/README.md has the whole
 * table, and kindsOfUses.test.ts runs it.
 */
import type { DataFormat } from '@lockstep/data';
import { RunError } from '../errors.ts';
import { KIND_NAMES } from './kindNames.ts';
import type { TrainedModel } from './openTrained.ts';

type Kind = DataFormat['kind'];

const KINDS = {
  generate: ['text', 'audio'],
  classify: ['image', 'array', 'table', 'audio'],
  denoise: ['image', 'audio'],
  inpaint: ['image', 'table', 'audio'],
  recommend: ['ratings'],
} as const satisfies Readonly<Record<string, readonly Kind[]>>;

export type UseOfSome = keyof typeof KINDS;

const FIXES: Readonly<Record<UseOfSome, string>> = {
  generate: 'Draw from it with sample and interpolate.',
  classify: 'Train on data whose examples have a class each.',
  denoise: 'Use a run on pictures; of sound as spectrograms.',
  inpaint: 'Use a run on pictures or tables; of sound as spectrograms.',
  recommend: 'Train one: --preset recommend --data ratings:FILE.',
};

/** @throws RunError where the use is not for runs on this kind of data */
export function checkUse(use: UseOfSome, trained: TrainedModel): void {
  const kinds: readonly Kind[] = KINDS[use];
  if (!kinds.includes(trained.format.kind)) throw wrongKind(use, trained);
}

export function wrongKind(use: UseOfSome, { checkpoint, format, example }: TrainedModel): RunError {
  const names = KINDS[use].map((kind) => KIND_NAMES[kind]);
  const last = names.pop() ?? '';
  const kinds = names.length > 0 ? `${names.join(', ')} or ${last}` : last;
  return new RunError({
    code: 'RUN_WRONG_KIND',
    where: checkpoint,
    expected: `a run on ${kinds}, which ${use} works for`,
    got: `one on ${KIND_NAMES[format.kind]}, examples [${example.shape.join(', ')}]`,
    fix: FIXES[use],
  });
}
