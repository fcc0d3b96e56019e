/**
 * A linear probe: multinomial logistic regression from the latents (or any rows) to the labels, what a
 * linear classifier can read off them. Alain, Bengio: "Understanding intermediate layers using linear
 * classifier probes" (2016).
 *
 * Inputs are standardised by the training rows' mean and deviation. The objective is the mean cross
 * entropy plus l2 / 2 times the squared weights, biases apart; with l2 = 1 / N as in scikit-learn's
 * default (C = 1). Minimised by L-BFGS, from zero: no randomness.
 *
 * N rows, L inputs, C classes.
 */
import { lbfgs } from '../math/lbfgs.ts';
import { portableLog } from '../math/portable.ts';
import { portableExp } from '../math/portableExp.ts';
import { columnMeans, columnVariances, rowsOf, type Rows } from './rows.ts';

export interface ProbeOptions {
  readonly classes: number;
  /** Default 1 / N. */
  readonly l2?: number;
  /** Of L-BFGS, at most. Default 100. */
  readonly iterations?: number;
}

export interface LinearProbe {
  /** Mean cross entropy with the penalty, where the fit ended. */
  readonly objective: number;
  /** Of the standardised inputs: [C][L + 1], the bias last. */
  readonly weights: Float64Array;
  predict(rows: Rows): Int32Array;
  /** Of each class, for each row. [rows, C] */
  probabilities(rows: Rows): Rows;
}

export function fitLinearProbe(
  rows: Rows,
  labels: ArrayLike<number>,
  { classes, l2 = 1 / rows.count, iterations = 100 }: ProbeOptions,
): LinearProbe {
  const standardize = standardizer(rows);
  const inputs = standardize(rows);
  const width = rows.dim + 1;
  const logits = new Float64Array(classes);
  const { x: weights, value } = lbfgs(
    (w, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let i = 0; i < inputs.count; i++) {
        const label = labels[i] ?? 0;
        writeLogits(inputs, i, w, logits);
        const score = logits[label] ?? 0;
        loss += softmax(logits) - score;
        for (let c = 0; c < classes; c++) {
          const error = (logits[c] ?? 0) - (c === label ? 1 : 0);
          addRow(gradient, c * width, inputs, i, error);
        }
      }
      for (let j = 0; j < gradient.length; j++) {
        gradient[j] = (gradient[j] ?? 0) / inputs.count;
        if (j % width === rows.dim) continue;
        gradient[j] = (gradient[j] ?? 0) + l2 * (w[j] ?? 0);
      }
      return loss / inputs.count + (l2 / 2) * squaredWeights(w, width);
    },
    new Float64Array(classes * width),
    { iterations, tolerance: 1e-5 },
  );
  return {
    objective: value,
    weights,
    predict: (queries) => {
      const standard = standardize(queries);
      return Int32Array.from({ length: queries.count }, (_, i) => {
        writeLogits(standard, i, weights, logits);
        return logits.indexOf(logits.reduce((a, b) => Math.max(a, b), -Infinity));
      });
    },
    probabilities: (queries) => {
      const standard = standardize(queries);
      const shares = new Float64Array(queries.count * classes);
      for (let i = 0; i < queries.count; i++) {
        writeLogits(standard, i, weights, logits);
        softmax(logits);
        shares.set(logits, i * classes);
      }
      return rowsOf(shares, classes);
    },
  };
}

/** To mean 0 and deviation 1 over `rows`; what does not vary becomes 0. */
function standardizer(rows: Rows): (queries: Rows) => Rows {
  const means = columnMeans(rows);
  const scales = columnVariances(rows).map((v) => (v > 1e-20 ? 1 / Math.sqrt(v) : 0));
  return ({ data, count, dim }) => ({
    data: Float64Array.from(data, (value, at) => {
      const j = at % dim;
      return (value - (means[j] ?? 0)) * (scales[j] ?? 0);
    }),
    count,
    dim,
  });
}

function writeLogits({ data, dim }: Rows, i: number, w: Float64Array, logits: Float64Array): void {
  for (let c = 0; c < logits.length; c++) {
    const from = c * (dim + 1);
    let sum = w[from + dim] ?? 0;
    for (let j = 0; j < dim; j++) sum += (w[from + j] ?? 0) * (data[i * dim + j] ?? 0);
    logits[c] = sum;
  }
}

/** Replaces logits by probabilities; returns the log of their sum of exponentials. */
function softmax(logits: Float64Array): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (let c = 0; c < logits.length; c++) {
    const exp = portableExp((logits[c] ?? 0) - most);
    logits[c] = exp;
    sum += exp;
  }
  for (let c = 0; c < logits.length; c++) logits[c] = (logits[c] ?? 0) / sum;
  return most + portableLog(sum);
}

function addRow(
  gradient: Float64Array,
  from: number,
  { data, dim }: Rows,
  i: number,
  factor: number,
): void {
  for (let j = 0; j < dim; j++) {
    gradient[from + j] = (gradient[from + j] ?? 0) + factor * (data[i * dim + j] ?? 0);
  }
  gradient[from + dim] = (gradient[from + dim] ?? 0) + factor;
}

function squaredWeights(w: Float64Array, width: number): number {
  let sum = 0;
  w.forEach((value, j) => {
    if (j % width !== width - 1) sum += value * value;
  });
  return sum;
}
