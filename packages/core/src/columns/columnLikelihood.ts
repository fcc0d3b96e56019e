/**
 * The likelihood of a table's row: one of its own for each column, and nothing for a missing value.
 *
 *   -log p(x | z) = sum over the columns that are known of -log p(x_d | z)
 *
 * Nazabal, Olmos, Ghahramani, Valera: "Handling Incomplete Heterogeneous Data using VAEs" (2020),
 * arXiv:1807.03653, eq. 2: what is missing at random adds nothing to the bound. A value is
 *
 *   numeric      Gaussian, Student's t or Laplace (numericColumns.ts)
 *   categorical  softmax (categoricalColumns.ts); x holds the category's number
 *   ordinal      cumulative logit (ordinalColumns.ts); the same
 *
 * The decoder gives the numbers of one group of columns after another, in the order of `tableLayout`.
 *
 * Shapes: B examples, D columns, C of a group, [B, outputs] from the decoder.
 */
import { concat, mul, reshape, split, sum, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Likelihood } from '../likelihoods/likelihood.ts';
import type { ExampleInfo, NamedTensors } from '../model.ts';
import { categoricalColumns } from './categoricalColumns.ts';
import type { ColumnGroup } from './columnGroup.ts';
import { numericColumns, type NumericOptions } from './numericColumns.ts';
import { ordinalColumns } from './ordinalColumns.ts';
import { columnsOf, tableLayout } from './tableLayout.ts';
import { takeRows, turnTable } from './turnedTable.ts';

/** tfjs has no gradient of a split into one piece. */
const pieces = (values: Tensor2D, sizes: number[], axis: number): Tensor2D[] =>
  sizes.length === 1 ? [values] : split(values, sizes, axis);

/** Throws MODEL_COLUMNS, MODEL_LIKELIHOOD_OPTION. */
export function columnLikelihood(example: ExampleInfo, options: NumericOptions = {}): Likelihood {
  const layout = tableLayout(columnsOf(example));
  const { numeric, categorical, ordinal, rank } = layout;
  const groups: readonly ColumnGroup[] = [
    ...(numeric.length > 0 ? [numericColumns(numeric, options)] : []),
    ...categorical.map(categoricalColumns),
    ...ordinal.map(ordinalColumns),
  ];
  const widths = groups.map(({ columns }) => columns);
  const outputs = groups.map((group) => group.outputs);

  /** Of each value, in the order of the groups: [D, B] */
  const losses = (x: Tensor, output: Tensor, params: NamedTensors): Tensor2D => {
    const { values, known } = turnTable(x, layout);
    const parts = pieces(values, widths, 0);
    const decoded = pieces(transpose(output as Tensor2D), outputs, 0);
    const each = groups.map((group, i) =>
      group.losses(parts[i] as Tensor2D, decoded[i] as Tensor2D, params),
    );
    return mul(concat(each, 0), known);
  };
  /** [D, B], one group after another, to [B, ...shape] */
  const inOrder = (values: Tensor2D): Tensor =>
    reshape(transpose(takeRows(values, rank)), [-1, ...example.shape]);
  /** Of each group its part of the output, [B, outputs], and what it makes of that, [B, C] each. */
  const ofEach = (
    output: Tensor,
    make: (group: ColumnGroup, part: Tensor2D) => Tensor2D,
  ): Tensor => {
    const parts = pieces(output as Tensor2D, outputs, 1);
    const made = groups.map((group, i) => make(group, parts[i] as Tensor2D));
    return inOrder(transpose(concat(made, 1)));
  };

  return {
    name: 'columns',
    support: { missing: true },
    outputsPerValue: 1,
    outputShape: [outputs.reduce((total, count) => total + count, 0)],
    parameters: groups.flatMap(({ parameters }) => parameters),
    negativeLogProb: (x, output, params = {}) =>
      tidy('columns', () => sum<Tensor1D>(losses(x, output, params), 0)),
    valueLosses: (x, output, params = {}) =>
      tidy('columns', () => inOrder(losses(x, output, params))),
    mean: (output, params = {}) =>
      tidy(() => ofEach(output, (group, part) => group.mean(part, params))),
    sampleNoise: () =>
      Object.assign({}, ...groups.map(({ noise }) => noise)) as ColumnGroup['noise'],
    sample: (output, noise, params = {}) =>
      tidy(() => ofEach(output, (group, part) => group.sample(part, noise, params))),
  };
}
