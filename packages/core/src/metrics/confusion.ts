/** How a classifier's predictions and the true classes go together. */

export interface ConfusionMatrix {
  readonly classes: number;
  /** Row: the true class; column: the predicted one. [classes, classes] */
  readonly counts: Float64Array;
}

export interface ClassScores {
  /** Of what was called this class, the share that is. 0 where nothing was. */
  readonly precision: number;
  /** Of this class, the share that was called so. 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of both; 0 where both are. */
  readonly f1: number;
  /** Examples of this class. */
  readonly examples: number;
}

export interface ConfusionScores {
  readonly accuracy: number;
  readonly perClass: readonly ClassScores[];
  /** Means over the classes that have examples or predictions, each counting the same. */
  readonly macro: Omit<ClassScores, 'examples'> & {
    /** How many classes these are. */
    readonly classes: number;
  };
}

/** @throws RangeError where a class is none of 0 ... classes - 1 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    const at = checked(labels[i], classes) * classes + checked(predicted[i], classes);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { classes, counts };
}

export function confusionScores({ classes, counts }: ConfusionMatrix): ConfusionScores {
  const rows = new Float64Array(classes);
  const columns = new Float64Array(classes);
  let [all, right] = [0, 0];
  counts.forEach((count, at) => {
    const [row, column] = [Math.floor(at / classes), at % classes];
    rows[row] = (rows[row] ?? 0) + count;
    columns[column] = (columns[column] ?? 0) + count;
    all += count;
    if (row === column) right += count;
  });
  const perClass = Array.from(rows, (examples, c): ClassScores => {
    const hits = counts[c * classes + c] ?? 0;
    const called = columns[c] ?? 0;
    return {
      precision: share(hits, called),
      recall: share(hits, examples),
      f1: share(2 * hits, called + examples),
      examples,
    };
  });
  const seen = perClass.filter((_, c) => (rows[c] ?? 0) + (columns[c] ?? 0) > 0);
  const mean = (name: 'precision' | 'recall' | 'f1'): number =>
    share(
      seen.reduce((sum, scores) => sum + scores[name], 0),
      seen.length,
    );
  return {
    accuracy: share(right, all),
    perClass,
    macro: {
      precision: mean('precision'),
      recall: mean('recall'),
      f1: mean('f1'),
      classes: seen.length,
    },
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function checked(value: number | undefined, classes: number): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new RangeError(`${String(value)} is no class of 0 to ${String(classes - 1)}.`);
}
