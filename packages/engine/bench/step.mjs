/**
 * Forward and backward of the presets on our engines against PyTorch, one thread each, taking turns
 * so that all meet the same machine.
 *
 *   npm run build && node bench/step.mjs [--engines onnx,tensorflow,tensorflow+xla] [--models mlp,conv]
 *     [--sizes 32,128] [--rounds 10]
 *
 * LOCKSTEP_PYTHON names a Python with torch, or is `none`: then the engines run alone.
 */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createEngine, gradientFunction } from '@lockstep/engine';
import * as models from './models.mjs';

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: 'onnx' },
    models: { type: 'string', default: 'mlp,conv' },
    sizes: { type: 'string', default: '' },
    rounds: { type: 'string', default: '10' },
  },
});
const defaultSizes = { mlp: [32, 64, 128, 256, 512], conv: [32, 128] };

function startPeer(python) {
  if (python === 'none') return undefined;
  const child = spawn(python, [new URL('pytorch_step.py', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(...request) {
      child.stdin.write(`${request.join(' ')}\n`);
      const { value } = await lines.next();
      return value.split(' ').map(Number);
    },
    stop: () => child.stdin.end(),
  };
}

/** Shared memory, as in a run. */
function buffer({ shape }, value) {
  const count = shape.reduce((product, n) => product * n, 1);
  return new Float32Array(new SharedArrayBuffer(count * 4)).map(value);
}

function initialValue(name, { shape }) {
  if (name === 'weight') return () => 1;
  const uneven = models.unevenValues();
  if (name.startsWith('batch')) return uneven;
  if (name.startsWith('noise')) return () => 3 * uneven() - 1.5;
  const fanIn = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  return () => (2 * uneven() - 1) / Math.sqrt(fanIn);
}

async function load(engine, model, m) {
  const fn = gradientFunction(model, m);
  const executable = await engine.load(await engine.compile(fn));
  const fill = (specs, value) =>
    Object.fromEntries(Object.entries(specs).map(([k, spec]) => [k, buffer(spec, value(k, spec))]));
  const bound = executable.bind(
    fill(executable.inputs, initialValue),
    fill(executable.outputs, () => () => 0),
  );
  return async (count) => {
    const times = [];
    for (let i = 0; i < count; i++) {
      const start = process.hrtime.bigint();
      await bound.run();
      times.push(Number(process.hrtime.bigint() - start) / 1e3);
    }
    return times;
  };
}

/** 10 % quantile, median and 90 % quantile, and the least of all. */
function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => (sorted[Math.floor(share * (sorted.length - 1))] / 1e3).toFixed(2);
  return {
    least: Number(at(0)),
    median: Number(at(0.5)),
    text: times.length === 0 ? '-' : `${at(0)}, ${at(0.5)} (${at(0.1)} - ${at(0.9)})`,
  };
}

const engines = await Promise.all(
  values.engines.split(',').map(async (name) => {
    const [engine, option] = name.split('+');
    return [name, await createEngine(engine, option === 'xla' ? { xla: true } : {})];
  }),
);
const peer = startPeer(process.env.LOCKSTEP_PYTHON ?? 'python3');
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`,
);
console.log('milliseconds: least, median (10 % - 90 %)\n');
const columns = [...engines.map(([name]) => name), 'PyTorch gradients', 'PyTorch step'];
const ratio = `${columns[0]}: PyTorch to it, of medians`;
console.log(`| model | m | ${columns.join(' | ')} | ${ratio} |`);
console.log(`|---|---|${columns.map(() => '---|').join('')}---|`);
for (const name of values.models.split(',')) {
  const sizes = values.sizes ? values.sizes.split(',').map(Number) : defaultSizes[name];
  for (const m of sizes) {
    const contenders = [];
    for (const [, engine] of engines) contenders.push(await load(engine, models[name], m));
    if (peer) {
      for (const what of ['gradients', 'step']) {
        contenders.push((count) => peer.run(name, m, what, count));
      }
    }
    const times = columns.map(() => []);
    // About half a second a turn; its first third is the processor waking up, and not counted.
    const count = Math.ceil((name === 'mlp' ? 12000 : 2400) / m);
    const steady = Math.ceil(count / 3);
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const [i, run] of contenders.entries()) {
        const turn = (await run(count)).slice(steady);
        if (round > 0) times[i].push(...turn); // the first is a warm-up
      }
    }
    const all = times.map(summary);
    const ratios = peer ? all.slice(-2).map(({ median }) => median / all[0].median) : [];
    const shown = ratios.map((value) => value.toFixed(2)).join(' / ') || '-';
    console.log(`| ${[name, m, ...all.map(({ text }) => text), shown].join(' | ')} |`);
  }
}
peer?.stop();
