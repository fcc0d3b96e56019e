/**
 * Hides most labels of a source, for learning from few: `keep` of them stay, as many of each class as of
 * the others, the rest become -1. Which ones depends on the labels and on `keep` only, so every run,
 * whatever its seed, learns from the same ones; and a larger `keep` has those of a smaller one among its
 * own. They are chosen by the order of an epoch that no run comes to: by that of epoch 0, a run with the
 * same seed would see all labels in its first steps, and none for the rest of the epoch.
 */
import { DataError } from '../errors.ts';
import { shuffled } from '../splits/shuffled.ts';
import { countClasses } from './labels.ts';

const HIDDEN_LABEL = -1;
const EPOCH = 2 ** 32 - 1;

/** A copy. Throws DATA_OPTION where so many cannot be kept. */
export function hideLabels(where: string, labels: Int32Array, keep: number): Int32Array {
  const count = labels.length;
  // Some may be unknown from the start.
  const known = labels.filter((label) => label >= 0);
  const classes = new Set(known).size;
  if (keep < classes || keep > known.length) throw badCount(where, known.length, classes, keep);
  const byClass = Array.from({ length: countClasses(labels) ?? 0 }, (): number[] => []);
  for (const position of shuffled({ count, length: count, seed: 0, epoch: EPOCH })) {
    byClass[labels[position] ?? HIDDEN_LABEL]?.push(position);
  }
  const out = new Int32Array(labels.length).fill(HIDDEN_LABEL);
  // Round by round one of each class, so that counts differ by one at most while classes have enough.
  for (let round = 0, kept = 0; kept < keep; round++) {
    for (const [label, positions] of byClass.entries()) {
      const position = positions[round];
      if (position === undefined || kept === keep) continue;
      out[position] = label;
      kept++;
    }
  }
  return out;
}

function badCount(where: string, count: number, classes: number, keep: number): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'labels',
    expected: `a number of labels from ${classes}, one of each class, to ${count}, all that ${where} has to train on`,
    got: `${keep}`,
    fix: 'Keep more or fewer labels.',
  });
}
