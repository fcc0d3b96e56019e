/**
 * Where a step's time goes, operator by operator, as TensorFlow's own tracing sees it.
 *
 *   npm run build && node bench/profileTensorflow.mjs [--model mlp|conv] [--size 128] [--runs 50]
 *     [--nodes 15] [--xla]
 */
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createEngine, gradientFunction } from '@lockstep/engine';
import { loadLibrary } from '../dist/tensorflow/library.js';
import { inputNode, outputNode } from '../dist/tensorflow/lowerGraph.js';
import { createSession } from '../dist/tensorflow/session.js';
import { inputTensor } from '../dist/tensorflow/tensorMemory.js';
import * as models from './models.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'mlp' },
    size: { type: 'string', default: '128' },
    runs: { type: 'string', default: '50' },
    nodes: { type: 'string', default: '15' },
    xla: { type: 'boolean', default: false },
  },
});
const { xla } = values;

const koffi = createRequire(import.meta.url)('koffi');
const library = loadLibrary();
const { api, status } = library;
const newBuffer = koffi.load(library.path).func('TF_NewBuffer', 'void *', []);

const engine = await createEngine('tensorflow', { xla });
const { graph, inputs, outputs } = await engine.compile(
  gradientFunction(models[values.model], Number(values.size)),
);
const session = createSession(library, graph, { xla, gpu: false });
const ports = (names) =>
  BigUint64Array.from(
    names.flatMap((name) => [api.TF_GraphOperationByName(session.graph, name), 0n]),
  );
const uneven = models.unevenValues();
const feeds = Object.values(inputs).map(({ shape }) => {
  const count = shape.reduce((product, n) => product * n, 1);
  const view = new Float32Array(new SharedArrayBuffer(count * 4)).map(() => 0.1 * uneven());
  const fed = inputTensor(library, view, shape);
  fed.refresh?.();
  return { view, ...fed };
});
const tensors = BigUint64Array.from(feeds, ({ tensor }) => tensor);
const inputPorts = ports(feeds.map((_, index) => inputNode(index)));
const names = Object.keys(outputs).map((_, index) => outputNode(index));
const outputPorts = ports(names);
/** `RunOptions { trace_level: FULL_TRACE }` */
const tracing = api.TF_NewBufferFromString(Uint8Array.of(8, 3), 2);

/** The bytes of a `RunMetadata`, if it is asked for. */
function run(traced) {
  const fetched = new BigUint64Array(names.length);
  const metadata = traced ? newBuffer() : null;
  api.TF_SessionRun(
    session.session,
    traced ? tracing : null,
    inputPorts,
    tensors,
    tensors.length,
    outputPorts,
    fetched,
    fetched.length,
    null,
    0,
    metadata,
    status,
  );
  if (api.TF_GetCode(status) !== 0) throw new Error(api.TF_Message(status));
  for (const tensor of fetched) api.TF_DeleteTensor(tensor);
  if (metadata === null) return undefined;
  const [data, length] = [0, 8].map((offset) => BigInt(koffi.decode(metadata, offset, 'uint64')));
  const bytes = Buffer.from(new Uint8Array(koffi.view(data, Number(length))));
  api.TF_DeleteBuffer(metadata);
  return bytes;
}

/** The fields of a protobuf message: [number, integer or bytes]. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
      shift += 7n;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, kind] = [tag >> 3, tag & 7];
    if (kind === 0) yield [field, varint()];
    else {
      const length = kind === 2 ? varint() : kind === 1 ? 8 : 4;
      yield [field, bytes.subarray(at, at + length)];
      at += length;
    }
  }
}
const all = (bytes, wanted) => [...fields(bytes)].filter(([f]) => f === wanted).map(([, v]) => v);

for (let i = 0; i < 20; i++) run(false);
const byNode = new Map();
for (let i = 0; i < Number(values.runs); i++) {
  // RunMetadata.step_stats.dev_stats.node_stats
  const steps = all(run(true), 1);
  for (const node of steps.flatMap((s) => all(s, 1)).flatMap((device) => all(device, 2))) {
    const stats = Object.fromEntries(fields(node));
    // op_start_rel_nanos, op_end_rel_nanos, timeline_label
    const [start = 0, end = 0, label = ''] = [stats[14], stats[15], stats[8]?.toString()];
    const [, name = '', operator = '?'] = /([^ ]*) = (\w+)\(/.exec(label) ?? [];
    const key = stats[1].toString();
    const entry = byNode.get(key) ?? { name: name || key, operator, times: [] };
    entry.times.push((end - start) / 1e3);
    byNode.set(key, entry);
  }
}
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const nodes = [...byNode.values()]
  .map(({ times, ...node }) => ({ ...node, micros: median(times) }))
  .sort((a, b) => b.micros - a.micros);
const total = nodes.reduce((sum, { micros }) => sum + micros, 0);
const share = (micros) => `${((100 * micros) / total).toFixed(1)} %`;

console.log(
  `${values.model}, m = ${values.size}${xla ? ', XLA' : ''}; libtensorflow ${library.version}, ${cpus()[0].model}, Node ${process.version}`,
);
console.log(`${nodes.length} nodes, ${(total / 1e3).toFixed(2)} ms (sum of medians)\n`);
console.log('| operator | nodes | µs | share |\n|---|---|---|---|');
const groups = new Map();
for (const { operator, micros } of nodes) {
  const { count, sum } = groups.get(operator) ?? { count: 0, sum: 0 };
  groups.set(operator, { count: count + 1, sum: sum + micros });
}
for (const [operator, { count, sum }] of [...groups].sort(([, a], [, b]) => b.sum - a.sum)) {
  if (sum >= total / 1000) {
    console.log(`| ${operator} | ${count} | ${sum.toFixed(0)} | ${share(sum)} |`);
  }
}
console.log('\n| slowest nodes | recorded as | µs | share |\n|---|---|---|---|');
for (const { operator, name, micros } of nodes.slice(0, Number(values.nodes))) {
  console.log(`| ${operator} | ${name} | ${micros.toFixed(0)} | ${share(micros)} |`);
}
