/** Graph -> graph, the same function with fewer passes over memory. */
import type { Graph } from '../graph.ts';
import { removeUnused } from './removeUnused.ts';
import { rewrite } from './rewrite.ts';
import { dropNeutral, hoistRepeated, useRepeated } from './rules/broadcasts.ts';
import { fuseBias, fuseRelu } from './rules/fusions.ts';
import { logisticIdentities } from './rules/logistic.ts';
import { stepOfRelu } from './rules/reluStep.ts';
import { mergeReshapes, mergeTransposes } from './rules/reshapes.ts';
import { moveSigns } from './rules/signs.ts';
import { splitSumOfSoftplus } from './rules/sumOfSoftplus.ts';
import { foldUniforms } from './rules/uniforms.ts';

const algebra = [
  mergeReshapes,
  mergeTransposes,
  foldUniforms,
  dropNeutral,
  useRepeated,
  hoistRepeated,
];

export function simplify(graph: Graph): Graph {
  const passes = [
    algebra,
    [...algebra, logisticIdentities],
    [...algebra, moveSigns],
    [splitSumOfSoftplus, stepOfRelu],
    algebra,
    [fuseBias],
    [fuseRelu],
  ];
  return passes.reduce((result, rules) => removeUnused(rewrite(result, rules)), graph);
}
