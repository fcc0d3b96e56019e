/** Whether a preset can learn from a kind of data: tokens have no sizes, ratings are no columns. */
import { ModelError } from '../errors.ts';
import type { ExampleInfo } from '../model.ts';

/** `numbers`: pictures, sound, and rows of which no more is known. */
export type ExampleKind = 'numbers' | 'table' | 'text' | 'ratings';

const KINDS: Readonly<Record<ExampleKind, { readonly what: string; readonly preset: string }>> = {
  numbers: { what: 'examples of numbers', preset: 'mlp or conv' },
  table: { what: 'the columns of a table', preset: 'tabular' },
  text: { what: 'text', preset: 'text' },
  ratings: { what: 'ratings: what each user chose of all items', preset: 'recommend' },
};

/** Of presets that say nothing: what has sizes, so that one value can be near another. */
export const ANY_NUMBERS: readonly ExampleKind[] = ['numbers', 'table', 'ratings'];

/** @param takes the kind that the preset is for comes first. Throws MODEL_DATA_KIND. */
export function checkExampleKind(
  preset: string,
  takes: readonly ExampleKind[],
  { columns, tokens, items }: ExampleInfo,
): void {
  const kind = tokens !== undefined ? 'text' : columns ? 'table' : items !== undefined ? 'ratings' : 'numbers'; // prettier-ignore
  if (takes.includes(kind)) return;
  const [own = 'numbers'] = takes;
  const isThat = own === 'numbers' ? '' : `; if the file has ${own === 'table' ? 'a table' : own}, say so: --data ${own}:FILE`; // prettier-ignore
  throw new ModelError({
    code: 'MODEL_DATA_KIND',
    where: `preset "${preset}"`,
    expected: takes.map((each) => KINDS[each].what).join(', or '),
    got: KINDS[kind].what,
    fix: `Choose a preset for them: --preset ${KINDS[kind].preset}${isThat}.`,
  });
}
