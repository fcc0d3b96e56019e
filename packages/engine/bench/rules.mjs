/**
 * What each rule of the graph optimiser buys: the least time of a step without it, against the least with all
 * rules, the two taking turns.
 *
 *   npm run build && node bench/rules.mjs [--engines onnx,tensorflow] [--rounds 40]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createEngine, gradientFunction } from '@lockstep/engine';
import { channelBlock } from '../dist/onnx/channelBlock.js';
import { lowerGraph as lowerToOnnx } from '../dist/onnx/lowerGraph.js';
import { outputSpecs } from '../dist/outputSpecs.js';
import { allRules, simplify } from '../dist/simplify/simplify.js';
import { lowerGraph as lowerToTensorflow } from '../dist/tensorflow/lowerGraph.js';
import { traceFunction } from '../dist/trace/traceFunction.js';
import * as models from './models.mjs';

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: 'onnx,tensorflow' },
    rounds: { type: 'string', default: '40' },
  },
});
const cases = [
  ['mlp', 128],
  ['conv', 32],
];

const uneven = models.unevenValues();
const allocate = (specs, value) =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const buffer = new Float32Array(shape.reduce((product, n) => product * n, 1));
      return [name, buffer.map(value)];
    }),
  );

async function load(engineName, fn, without) {
  const graph = simplify(traceFunction(fn), without);
  const common = { engine: engineName, inputs: fn.inputs, outputs: outputSpecs(graph) };
  const block = await channelBlock();
  const compiled =
    engineName === 'onnx'
      ? { ...common, graph: lowerToOnnx(graph, { channelBlock: block }), channelBlock: block }
      : {
          ...{ ...common, xla: false, session: '' },
          graph: lowerToTensorflow(graph, { device: '/device:CPU:0' }),
        };
  const executable = await (await createEngine(engineName)).load(compiled, async () => fn);
  const bound = executable.bind(
    allocate(fn.inputs, () => 0.1 * uneven()),
    allocate(executable.outputs, () => 0),
  );
  return { bound, executable, nodes: graph.nodes.length };
}

async function stepMs({ bound }) {
  const start = performance.now();
  await bound.run();
  return performance.now() - start;
}

console.log(`${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`);
for (const engineName of values.engines.split(',')) {
  for (const [model, size] of cases) {
    const fn = gradientFunction(models[model], size);
    const whole = await load(engineName, fn, []);
    const results = [];
    for (const rule of [undefined, ...allRules]) {
      const other = await load(engineName, fn, rule === undefined ? allRules : [rule]);
      const [wholeTimes, otherTimes] = [[], []];
      for (let round = -5; round < Number(values.rounds); round++) {
        const [a, b] = [await stepMs(whole), await stepMs(other)];
        if (round < 0) continue;
        wholeTimes.push(a);
        otherTimes.push(b);
      }
      await other.executable.dispose();
      const least = [Math.min(...otherTimes), Math.min(...wholeTimes)];
      results.push([rule?.name ?? 'any of them', other.nodes, ...least]);
    }
    await whole.executable.dispose();
    console.log(`\n${engineName}, ${model}, m = ${size}: ${whole.nodes} nodes with all rules\n`);
    console.log('| without | nodes | ms | all rules, ms | slower by |\n|---|---|---|---|---|');
    for (const [name, nodes, without, all] of results.sort((a, b) => b[2] / b[3] - a[2] / a[3])) {
      const percent = (100 * (without / all - 1)).toFixed(1);
      console.log(
        `| ${name} | ${nodes} | ${without.toFixed(2)} | ${all.toFixed(2)} | ${percent} % |`,
      );
    }
  }
}
