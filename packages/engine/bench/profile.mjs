/**
 * Where a step's time goes, operator by operator, as ONNX Runtime's profiler sees it.
 *
 *   npm run build && node bench/profile.mjs [--model mlp|conv] [--size 128] [--runs 50] [--nodes 15]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine, gradientFunction } from '@lockstep/engine';
import { createSession, loadRuntime } from '../dist/onnx/runtime.js';
import * as models from './models.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'mlp' },
    size: { type: 'string', default: '128' },
    runs: { type: 'string', default: '50' },
    nodes: { type: 'string', default: '15' },
  },
});

const engine = await createEngine('onnx');
const { graph } = await engine.compile(gradientFunction(models[values.model], Number(values.size)));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-profile-'));
const session = await createSession(graph, {
  enableProfiling: true,
  profileFilePrefix: join(folder, 'profile'),
});
const { Tensor } = await loadRuntime();
const tensors = (metadata, value) =>
  Object.fromEntries(
    metadata.map(({ name, shape }) => {
      const data = new Float32Array(shape.reduce((product, n) => product * n, 1)).map(value);
      return [name, new Tensor('float32', data, shape)];
    }),
  );
const uneven = models.unevenValues();
const feeds = tensors(session.inputMetadata, () => 0.1 * uneven());
const fetches = tensors(session.outputMetadata, () => 0);
for (let run = 0; run < Number(values.runs); run++) await session.run(feeds, fetches);
session.endProfiling();
await session.release();
const [file] = readdirSync(folder);
const events = JSON.parse(readFileSync(join(folder, file), 'utf8'));
rmSync(folder, { recursive: true });

const byNode = new Map();
for (const { cat, name, dur, args } of events) {
  if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
  const key = name.slice(0, -'_kernel_time'.length);
  const shapes = (list) => list.map((type) => `[${Object.values(type)[0]}]`).join(' ');
  const node = byNode.get(key) ?? {
    operator: args.op_name,
    shapes: `${shapes(args.input_type_shape)} → ${shapes(args.output_type_shape)}`,
    times: [],
  };
  node.times.push(dur);
  byNode.set(key, node);
}
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const nodes = [...byNode.values()]
  .map(({ times, ...node }) => ({ ...node, micros: median(times) }))
  .sort((a, b) => b.micros - a.micros);
const total = nodes.reduce((sum, { micros }) => sum + micros, 0);
const share = (micros) => `${((100 * micros) / total).toFixed(1)} %`;

console.log(`${values.model}, m = ${values.size}; ${cpus()[0].model}, Node ${process.version}`);
console.log(`${nodes.length} nodes, ${(total / 1e3).toFixed(2)} ms (sum of medians)\n`);
console.log('| operator | nodes | µs | share |\n|---|---|---|---|');
const groups = new Map();
for (const { operator, micros } of nodes) {
  const { count, sum } = groups.get(operator) ?? { count: 0, sum: 0 };
  groups.set(operator, { count: count + 1, sum: sum + micros });
}
for (const [operator, { count, sum }] of [...groups].sort(([, a], [, b]) => b.sum - a.sum)) {
  console.log(`| ${operator} | ${count} | ${sum} | ${share(sum)} |`);
}
console.log('\n| slowest nodes | inputs → output | µs | share |\n|---|---|---|---|');
for (const { operator, shapes, micros } of nodes.slice(0, Number(values.nodes))) {
  console.log(`| ${operator} | ${shapes} | ${micros} | ${share(micros)} |`);
}
