/**
 * A table's row as an encoder's input, as one layer without parameters: a numeric column as it is, one of
 * categories as a vector of indicators, and for each numeric column that may miss whether it is known. A
 * missing number is 0, and a missing category no indicator at all: Nazabal et al. (2020), section 3.1.
 *
 *   [B, ...shape] -> [B, numbers + all categories + numbers that may miss]
 *
 * The columns are spread by one product with a constant matrix of zeros and ones: each sum has one term,
 * so it is exact, for codes up to 2048 also on GPUs that multiply with fewer digits (TF32).
 */
import { abs, concat, matMul, relu, slice, sub, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from '../layers/layer.ts';
import { flattenExamples } from '../likelihoods/likelihood.ts';
import type { ExampleInfo } from '../model.ts';
import { fillMissing, known } from './missing.ts';
import { columnsOf } from './tableLayout.ts';

/** Rows of x [.., D] to the columns that `places` name. */
function selection(places: readonly number[], from: number): Tensor2D {
  const values = new Float32Array(from * places.length);
  places.forEach((place, to) => (values[place * places.length + to] = 1));
  return tensor(values, [from, places.length]);
}

/** Throws MODEL_COLUMNS. */
export function columnInputs(example: ExampleInfo): Layer {
  const columns = columnsOf(example);
  const D = columns.length;
  const numbers = columns.flatMap(({ kind }, place) => (kind === 'numeric' ? [place] : []));
  const categories = columns.flatMap(({ kind, categories: count = 1 }, place) =>
    kind === 'numeric' ? [] : Array.from({ length: count }, (_, code) => ({ place, code })),
  );
  const mayMiss = numbers.filter((place) => columns[place]?.missing);
  const [N, S] = [numbers.length, categories.length];
  const allNumbers = S === 0; // in the order of x
  return {
    inputShape: example.shape,
    outputShape: [N + S + mayMiss.length],
    parameters: [],
    apply: (_params, x) =>
      tidy('columns', () => {
        const table = flattenExamples(x); // [B, D]
        const filled = fillMissing(table, columns);
        const parts: Tensor2D[] = [];
        if (allNumbers) parts.push(filled);
        else {
          const places = [...numbers, ...categories.map(({ place }) => place)];
          const spread: Tensor2D = matMul(filled, selection(places, D)); // [B, N + S]
          const codes = tensor(
            categories.map(({ code }) => code),
            [1, S],
          );
          const apart = abs<Tensor2D>(sub(slice(spread, [0, N], [-1, S]), codes));
          if (N > 0) parts.push(slice(spread, [0, 0], [-1, N]));
          parts.push(relu<Tensor2D>(sub(1, apart)));
        }
        if (mayMiss.length > 0) {
          parts.push(matMul(known(table), selection(mayMiss, D)));
        }
        return parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 1);
      }),
  };
}
