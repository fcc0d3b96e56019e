/**
 * A table's row as an encoder's input, as one layer without parameters: a numeric column as it is, one of
 * categories as a vector of indicators, and for each numeric column that may miss whether it is known. A
 * missing number is 0, and a missing category no indicator at all: Nazabal et al. (2020), section 3.1.
 *
 *   [B, ...shape] -> [B, numbers + all categories + numbers that may miss]
 */
import { abs, concat, relu, sub, tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from '../layers/layer.ts';
import type { ExampleInfo } from '../model.ts';
import { columnsOf, tableLayout } from './tableLayout.ts';
import { takeRows, turnTable } from './turnedTable.ts';

/** Throws MODEL_COLUMNS. */
export function columnInputs(example: ExampleInfo): Layer {
  const layout = tableLayout(columnsOf(example));
  const { columns, rank } = layout;
  const ranks = (places: readonly number[]): number[] => places.map((place) => rank[place] ?? -1);
  const numbers = ranks(layout.numeric);
  const mayMiss = ranks(layout.numeric.filter((place) => columns[place]?.missing));
  const categories = columns.flatMap(({ kind, categories: count = 1 }, place) =>
    kind === 'numeric' ? [] : Array.from({ length: count }, (_, code) => ({ place, code })),
  );
  const spread = ranks(categories.map(({ place }) => place));
  return {
    inputShape: example.shape,
    outputShape: [numbers.length + categories.length + mayMiss.length],
    parameters: [],
    apply: (_params, x) =>
      tidy('columns', () => {
        const { values, known } = turnTable(x, layout); // [D, B]
        const parts: Tensor2D[] = [];
        if (numbers.length > 0) parts.push(takeRows(values, numbers));
        if (categories.length > 0) {
          const codes = tensor(
            categories.map(({ code }) => code),
            [categories.length, 1],
          );
          parts.push(relu(sub(1, abs(sub(takeRows(values, spread), codes)))));
        }
        if (mayMiss.length > 0) parts.push(takeRows(known, mayMiss));
        return transpose(parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 0));
      }),
  };
}
