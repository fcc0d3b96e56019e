/**
 * A small random forest of classification trees, for what it says of its inputs: how much each
 * contributes to telling the classes apart. Breiman: "Random Forests" (2001).
 *
 * Inputs are cut into quantile bins; a split is the one that lowers the Gini impurity most, over all
 * inputs and bins; each tree sees a bootstrap sample drawn by (seed, tree). In small nodes splits by
 * different inputs are often equally good: then the input is drawn, by (seed, node). The first one
 * would make the first inputs seem to matter more.
 * The importance of an input is the impurity its splits took away, weighted by the examples they saw.
 */
import { uniformDraws } from './factors.ts';
import type { Rows } from './rows.ts';

export interface ForestOptions {
  readonly classes: number;
  readonly seed: number;
  /** Default 10. */
  readonly trees?: number;
  /** Splits from the root to a leaf, at most. Default 12. */
  readonly depth?: number;
}

export interface Forest {
  /** Sums to 1, or is all 0 where nothing could be split. [L] */
  readonly importances: Float64Array;
  /** The class that most trees vote for; of equal ones the lowest. */
  predict(rows: Rows): Int32Array;
}

type Node =
  | { readonly label: number }
  | { readonly input: number; readonly bin: number; readonly below: Node; readonly above: Node };

const BINS = 32;
const LEAST_LEAF = 4;
const SAMPLE_STREAM = 0x5246;
const TIE_STREAM = 0x5247;

export function growForest(
  rows: Rows,
  labels: ArrayLike<number>,
  { classes, seed, trees = 10, depth = 12 }: ForestOptions,
): Forest {
  const edges = Array.from({ length: rows.dim }, (_, j) => quantileEdges(rows, j));
  const binned = bin(rows, edges);
  const importances = new Float64Array(rows.dim);
  const grower = new TreeGrower({ binned, dim: rows.dim, labels, classes, importances, seed });
  const roots = Array.from({ length: trees }, (_, tree) => {
    const draws = uniformDraws(rows.count, { seed, stream: SAMPLE_STREAM, index: tree });
    const sample = Int32Array.from(draws, (u) => Math.floor(u * rows.count));
    return grower.grow(sample, depth);
  });
  const total = importances.reduce((sum, value) => sum + value, 0);
  return {
    importances: total > 0 ? importances.map((value) => value / total) : importances,
    predict: (queries) => vote(roots, bin(queries, edges), queries, classes),
  };
}

/** Upper edges of all bins but the last. */
function quantileEdges({ data, count, dim }: Rows, j: number): Float64Array {
  const values = Float64Array.from({ length: count }, (_, i) => data[i * dim + j] ?? 0).sort();
  return Float64Array.from(
    { length: BINS - 1 },
    (_, b) => values[Math.floor(((b + 1) * count) / BINS)] ?? 0,
  );
}

function bin({ data, dim }: Rows, edges: readonly Float64Array[]): Uint8Array {
  const codes = new Uint8Array(data.length);
  for (let i = 0; i < codes.length; i++) {
    const list = edges[i % dim];
    const value = data[i] ?? 0;
    let code = 0;
    while (list && code < list.length && value >= (list[code] ?? 0)) code += 1;
    codes[i] = code;
  }
  return codes;
}

function vote(roots: readonly Node[], binned: Uint8Array, rows: Rows, classes: number): Int32Array {
  const predicted = new Int32Array(rows.count);
  const votes = new Float64Array(classes);
  for (let i = 0; i < rows.count; i++) {
    votes.fill(0);
    for (const root of roots) {
      let node = root;
      while ('input' in node) {
        node = (binned[i * rows.dim + node.input] ?? 0) <= node.bin ? node.below : node.above;
      }
      votes[node.label] = (votes[node.label] ?? 0) + 1;
    }
    predicted[i] = votes.indexOf(votes.reduce((a, b) => Math.max(a, b), 0));
  }
  return predicted;
}

interface TreeData {
  readonly binned: Uint8Array;
  readonly dim: number;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** Added to. */
  readonly importances: Float64Array;
  readonly seed: number;
}

interface Split {
  readonly input: number;
  readonly bin: number;
  /** What the impurity, times the examples, falls by. */
  readonly gain: number;
}

class TreeGrower {
  readonly #data: TreeData;
  readonly #histogram: Float64Array; // [BINS, classes]
  readonly #below: Float64Array; // [classes]
  /** Nodes looked at, of all trees. */
  #nodes = 0;

  constructor(data: TreeData) {
    this.#data = data;
    this.#histogram = new Float64Array(BINS * data.classes);
    this.#below = new Float64Array(data.classes);
  }

  /** `examples` is reordered. */
  grow(examples: Int32Array, depth: number): Node {
    const { labels, classes, binned, dim, importances } = this.#data;
    const counts = new Float64Array(classes);
    for (const i of examples) counts[labels[i] ?? 0] = (counts[labels[i] ?? 0] ?? 0) + 1;
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    const leaf: Node = { label: counts.indexOf(most) };
    if (depth === 0 || most === examples.length || examples.length < 2 * LEAST_LEAF) return leaf;
    const split = this.#bestSplit(examples, counts);
    if (!split) return leaf;
    importances[split.input] = (importances[split.input] ?? 0) + split.gain;
    const isBelow = (i: number): boolean => (binned[i * dim + split.input] ?? 0) <= split.bin;
    const below = examples.filter(isBelow);
    const above = examples.filter((i) => !isBelow(i));
    const { input } = split;
    return {
      input,
      bin: split.bin,
      below: this.grow(below, depth - 1),
      above: this.grow(above, depth - 1),
    };
  }

  #bestSplit(examples: Int32Array, counts: Float64Array): Split | undefined {
    const { dim, seed } = this.#data;
    const before = sumOfSquares(counts) / examples.length;
    const ranks = uniformDraws(dim, { seed, stream: TIE_STREAM, index: this.#nodes++ });
    const rank = (split: Split): number => ranks[split.input] ?? 0;
    let best: Split | undefined;
    for (let input = 0; input < dim; input++) {
      this.#count(examples, input);
      const found = this.#scan(examples.length, counts, input, before);
      if (!found || found.gain <= 1e-9) continue;
      // Of whole numbers, so that equally good splits have equal gains to the last bit.
      const equal = best !== undefined && found.gain === best.gain && rank(found) > rank(best);
      if (!best || found.gain > best.gain || equal) best = found;
    }
    return best;
  }

  #count(examples: Int32Array, input: number): void {
    const { binned, dim, labels, classes } = this.#data;
    const histogram = this.#histogram.fill(0);
    for (const i of examples) {
      const at = (binned[i * dim + input] ?? 0) * classes + (labels[i] ?? 0);
      histogram[at] = (histogram[at] ?? 0) + 1;
    }
  }

  /** n gini = n - sum of squares / n, so the gain is how much the sums of squares over n rise. */
  #scan(total: number, counts: Float64Array, input: number, before: number): Split | undefined {
    const { classes } = this.#data;
    const below = this.#below.fill(0);
    let [size, squaresBelow, squaresAbove] = [0, 0, sumOfSquares(counts)];
    let best: Split | undefined;
    for (let b = 0; b < BINS - 1; b++) {
      for (let c = 0; c < classes; c++) {
        const moved = this.#histogram[b * classes + c] ?? 0;
        if (moved === 0) continue;
        const low = below[c] ?? 0;
        const high = (counts[c] ?? 0) - low;
        squaresBelow += moved * (2 * low + moved);
        squaresAbove -= moved * (2 * high - moved);
        below[c] = low + moved;
        size += moved;
      }
      if (size < LEAST_LEAF || total - size < LEAST_LEAF) continue;
      const gain = squaresBelow / size + squaresAbove / (total - size) - before;
      if (gain > (best?.gain ?? 0)) best = { input, bin: b, gain };
    }
    return best;
  }
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
