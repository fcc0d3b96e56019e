/** What a column is, by its values: the rules that docs/data.md states. */
import type { NumberSummary, TextSummary } from './columnSummary.ts';

/** More categories than this are taken for ids, unless the schema says otherwise. */
export const maxCategories = 1000;
/** Of fewer texts nothing can be said about whether they are ids. */
const fewestForIds = 20;
const skewed = 2;
/** A logarithm must make the column so much more symmetric. */
const lessSkewed = 0.75;
const mostLevels = 10;

export type Inferred =
  | { readonly kind: 'numeric' | 'log' }
  /** To be read as texts: their categories are what the file writes. */
  | { readonly kind: 'categorical' | 'ordinal' }
  | { readonly kind: 'ignore'; readonly because: string };

export function inferNumber(summary: NumberSummary): Inferred {
  const { count, min, distinct, isWhole, missing, isSequence } = summary;
  if (count === 0) return { kind: 'ignore', because: 'no value in it' };
  if (distinct?.size === 1) {
    return { kind: 'ignore', because: `constant: ${min}${missing > 0 ? ', or missing' : ''}` };
  }
  if (isSequence) return { kind: 'ignore', because: 'numbers the rows' };
  if (isWhole && distinct?.size === 2) return { kind: 'categorical' };
  if (isWhole && distinct && areLevels(distinct, count)) return { kind: 'ordinal' };
  const { plain, log } = summary.skewness;
  const isLog = min >= 0 && plain > skewed && Math.abs(log) < lessSkewed * plain;
  return { kind: isLog ? 'log' : 'numeric' };
}

/** Up to ten whole numbers without a gap, none of them rare: grades, ratings, sizes. */
function areLevels(distinct: ReadonlyMap<number, number>, count: number): boolean {
  const values = [...distinct.keys()];
  const span = Math.max(...values) - Math.min(...values) + 1;
  const rarest = Math.min(...distinct.values());
  return (
    distinct.size <= mostLevels && span === distinct.size && rarest >= Math.max(5, count / 1000)
  );
}

export function inferText(summary: TextSummary, isFull: boolean): Inferred {
  const { count, counts, missing } = summary;
  const different = counts.filter((times) => times > 0).length;
  if (count === 0) return { kind: 'ignore', because: 'no value in it' };
  if (isFull) {
    return { kind: 'ignore', because: `more than ${maxCategories} different texts, as ids have` };
  }
  if (different === 1) {
    return { kind: 'ignore', because: `constant${missing > 0 ? ', or missing' : ''}` };
  }
  if (count >= fewestForIds && different > count / 2) {
    return { kind: 'ignore', because: `${different} different texts in ${count}, as ids have` };
  }
  return { kind: 'categorical' };
}

/** Numbers by size, else by their characters' codes: the same order whatever that of the rows. */
export function sortCategories(texts: readonly string[]): string[] {
  const areNumbers = texts.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));
  return [...texts].sort((a, b) => {
    const order = areNumbers ? Number(a) - Number(b) : 0;
    return order !== 0 ? order : a < b ? -1 : a > b ? 1 : 0;
  });
}
