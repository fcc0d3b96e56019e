/** The classes of examples as the data says them, those that training never saw among them. */
import { classNamesOf } from '@lockstep/data';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface TrueClasses {
  /** One an example, -1 where it is not known. */
  readonly labels: Int32Array;
  /** Where classes have names; first those that training knows. */
  readonly names: readonly string[] | undefined;
}

/** Labels without a name in training get the numbers after those that have one. Undefined without labels. */
export function trueClasses(
  { format }: TrainedModel,
  { labels, unseenLabels }: UseData,
): TrueClasses | undefined {
  const known = classNamesOf(format);
  if (!labels) return undefined;
  if (!known || !unseenLabels) return { labels, names: known };
  const all = labels.slice();
  const unseen = [...unseenLabels.keys()].sort();
  unseen.forEach((name, i) => {
    for (const example of unseenLabels.get(name) ?? []) all[example] = known.length + i;
  });
  return { labels: all, names: [...known, ...unseen] };
}
