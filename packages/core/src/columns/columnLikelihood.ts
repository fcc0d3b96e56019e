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
 * Shapes: B examples, D columns, [B, outputs] from the decoder.
 */
import { concat, gather, mul, reshape, slice, sum, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { flattenExamples, type Likelihood } from '../likelihoods/likelihood.ts';
import type { ExampleInfo, NamedTensors } from '../model.ts';
import { categoricalColumns } from './categoricalColumns.ts';
import type { ColumnGroup } from './columnGroup.ts';
import { fillMissing, known } from './missing.ts';
import { numericColumns, type NumericOptions } from './numericColumns.ts';
import { ordinalColumns } from './ordinalColumns.ts';
import { columnsOf, tableLayout } from './tableLayout.ts';

/** A group's part of x and of the decoder's output. */
interface Part {
  readonly group: ColumnGroup;
  readonly x: Tensor2D; // [B, C]
  readonly output: Tensor2D; // [B, outputs of the group]
}

/** Throws MODEL_COLUMNS, MODEL_LIKELIHOOD_OPTION. */
export function columnLikelihood(example: ExampleInfo, options: NumericOptions = {}): Likelihood {
  const columns = columnsOf(example);
  const { numeric, categorical, ordinal, order, rank } = tableLayout(columns);
  const groups: readonly ColumnGroup[] = [
    ...(numeric.length > 0 ? [numericColumns(numeric, options)] : []),
    ...categorical.map(categoricalColumns),
    ...ordinal.map(ordinalColumns),
  ];
  const outputs = groups.reduce((total, group) => total + group.outputs, 0);
  const inOrder = order.every((place, i) => place === i);

  /** [B, D] with its columns rearranged. */
  const arranged = (values: Tensor2D, places: readonly number[]): Tensor2D =>
    inOrder ? values : gather(values, tensor1d([...places], 'int32'), 1);
  const partsOf = (x: Tensor2D | undefined, output: Tensor): Part[] => {
    let [column, at] = [0, 0];
    return groups.map((group) => {
      const part = {
        group,
        x: x && slice(x, [0, column], [-1, group.columns]),
        output: slice(output as Tensor2D, [0, at], [-1, group.outputs]),
      };
      column += group.columns;
      at += group.outputs;
      return part as Part;
    });
  };
  /** The groups' columns, back in the order of x: [B, ...shape] */
  const joined = (values: readonly Tensor2D[]): Tensor => {
    const table = values.length === 1 ? (values[0] as Tensor2D) : concat([...values], 1);
    return reshape(arranged(table, rank), [-1, ...example.shape]);
  };
  /** Of each value, in the order of the groups: [B, D] */
  const losses = (x: Tensor, output: Tensor, params: NamedTensors): Tensor2D => {
    const table = flattenExamples(x); // [B, D]
    const filled = arranged(fillMissing(table, columns), order);
    const each = partsOf(filled, output).map(({ group, ...part }) =>
      group.losses(part.x, part.output, params),
    );
    const all = each.length === 1 ? (each[0] as Tensor2D) : concat(each, 1);
    return mul(all, arranged(known(table), order));
  };

  return {
    name: 'columns',
    support: { missing: true },
    outputsPerValue: 1,
    outputShape: [outputs],
    parameters: groups.flatMap(({ parameters }) => parameters),
    negativeLogProb: (x, output, params = {}) =>
      tidy('columns', () => sum<Tensor1D>(losses(x, output, params), 1)),
    valueLosses: (x, output, params = {}) =>
      tidy('columns', () => joined([losses(x, output, params)])),
    mean: (output, params = {}) =>
      tidy(() =>
        joined(partsOf(undefined, output).map((part) => part.group.mean(part.output, params))),
      ),
    sampleNoise: () =>
      Object.assign({}, ...groups.map(({ noise }) => noise)) as ColumnGroup['noise'],
    sample: (output, noise, params = {}) =>
      tidy(() =>
        joined(
          partsOf(undefined, output).map((part) => part.group.sample(part.output, noise, params)),
        ),
      ),
  };
}
