/** Weights and functions go to PyTorch and ONNX Runtime in Python, and come back: the numbers agree. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { presets } from '@lockstep/core';
import { elementCount, type NamedTensor } from '../run/namedTensor.ts';
import { decodeSafetensors, encodeSafetensors } from '../run/safetensors.ts';
import { requirePython, runPython, runPythonFile } from '../run/testing/python.ts';
import { writeSmallMnist } from '../testing/smallMnist.ts';
import { writeTableRows } from '../testing/tableRows.ts';
import { writeTextLines } from '../testing/textLines.ts';
import { exportRun } from './exportRun.ts';
import { importRun } from './importRun.ts';
import { configOf, largestDifference, makeRun, runFunction } from './testing/runs.ts';

const VAES = fileURLToPath(new URL('./testing/vaes.py', import.meta.url));
const CLOSE = 1e-5;
const COUNT = 5;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

const vaes = (...args: readonly string[]) => runPythonFile(VAES, ...args);

function valuesIn(file: string): Record<string, Float32Array> {
  const { tensors } = decodeSafetensors(readFileSync(file), file);
  return Object.fromEntries(tensors.map(({ name, data }) => [name, data]));
}

/** The run's own encoder and decoder against the values. */
async function differences(run: string, values: Readonly<Record<string, Float32Array>>) {
  const { x = new Float32Array(), z = new Float32Array() } = values;
  const encoded = await runFunction(run, 'encode', { x }, COUNT);
  const decoded = await runFunction(run, 'decode', { z }, COUNT);
  return {
    mu: largestDifference(values['mu'], encoded['mu']),
    logVar: largestDifference(values['logVar'], encoded['logVar']),
    decoded: largestDifference(values['decoded'], decoded['x']),
  };
}

function expectClose(difference: unknown): void {
  expect(Object.keys(difference as object)).toEqual(['mu', 'logVar', 'decoded']);
  for (const value of Object.values(difference as Record<string, number>)) {
    expect(value).toBeLessThan(CLOSE);
  }
  if (process.env['LOCKSTEP_SHOW'] === 'differences') console.log(difference);
}

/** What PyTorch's example calls the layers of the preset. */
const EXAMPLE_MAP = {
  'encoder/mu/kernel': 'fc21.weight',
  'encoder/mu/bias': 'fc21.bias',
  'encoder/logVar/kernel': 'fc22.weight',
  'encoder/logVar/bias': 'fc22.bias',
};

interface Case {
  readonly preset: 'mlp' | 'conv';
  readonly shape: readonly number[];
  readonly style: 'example' | 'snake' | 'ours';
}

describe('import from PyTorch', () => {
  const plain = { dtype: 'float32', file: 'weights.safetensors' };
  const cases: readonly (Case & typeof plain)[] = [
    { preset: 'mlp', shape: [12, 12, 1], style: 'example', ...plain },
    { preset: 'mlp', shape: [12, 8, 3], style: 'snake', ...plain, file: 'weights.npz' },
    { preset: 'mlp', shape: [12, 12, 1], style: 'ours', ...plain, dtype: 'bfloat16' },
    { preset: 'mlp', shape: [12, 12, 1], style: 'ours', dtype: 'float16', file: 'weights.npz' },
    { preset: 'conv', shape: [12, 12, 1], style: 'ours', ...plain },
    { preset: 'conv', shape: [12, 8, 3], style: 'snake', ...plain, dtype: 'float64' },
    { preset: 'conv', shape: [12, 8, 3], style: 'example', ...plain, file: 'weights.npz' },
  ];
  test.for(cases)('$preset of $shape, names as in $style, $dtype, $file', async (one, context) => {
    requirePython(context, 'torch, safetensors.torch');
    const { preset, shape, style, dtype, file } = one;
    const [weights, values] = [join(folder, file), join(folder, 'values.safetensors')];
    vaes('make', preset, shape.join(), '3', style, dtype, weights, values);
    const config = await configOf({ preset, shape, latentDim: 3, out: join(folder, 'run') });
    const map = join(folder, 'map.json');
    writeFileSync(map, JSON.stringify({ parameters: EXAMPLE_MAP }));
    const { run } = await importRun({ weights, config, ...(style === 'example' && { map }) });
    expectClose(await differences(run, valuesIn(values)));
  });
});

describe('layers of every kind', () => {
  const shape = [6, 4, 2];
  test('come from PyTorch, and go back', async (context) => {
    requirePython(context, 'torch, safetensors.torch');
    const weights = join(folder, 'weights.safetensors');
    const values = join(folder, 'values.safetensors');
    vaes('make-layers', shape.join(), weights, values);
    const model = fileURLToPath(new URL('./testing/layersModel.mjs', import.meta.url));
    const config = await configOf({ model, shape, out: join(folder, 'run') });
    const { run } = await importRun({ weights, config });
    const { x = new Float32Array(), y } = valuesIn(values);
    const made = await runFunction(run, 'encode', { x }, COUNT);
    expect(largestDifference(y, made['y'])).toBeLessThan(CLOSE);
    await exportRun(run, { format: 'safetensors', out: join(folder, 'out') });
    const back = join(folder, 'out', 'model.safetensors');
    expect(vaes('load-layers', shape.join(), back, values)).toBeLessThan(CLOSE);
    // And by the map that came with it.
    const again = { weights: back, map: join(folder, 'out', 'map.json') };
    const second = { ...config, out: join(folder, 'again') };
    const { run: rerun } = await importRun({ ...again, config: second });
    const remade = await runFunction(rerun, 'encode', { x }, COUNT);
    expect(largestDifference(y, remade['y'])).toBeLessThan(CLOSE);
  });
});

/** What the run's model makes of some inputs. */
async function writeValues(run: string, shape: readonly number[], latentDim: number) {
  const fill = (count: number, scale: number, shift: number) =>
    Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 1009) / (1009 / scale) - shift);
  const x = fill(COUNT * shape.reduce((a, b) => a * b), 1, 0);
  const z = fill(COUNT * latentDim, 4, 2);
  const { mu, logVar } = await runFunction(run, 'encode', { x }, COUNT);
  const decoded = (await runFunction(run, 'decode', { z }, COUNT))['x'];
  const tensor = (name: string, data: Float32Array | undefined, ...rest: readonly number[]) => {
    return { name, shape: [COUNT, ...rest], data: data ?? new Float32Array() };
  };
  const tensors = [
    tensor('x', x, ...shape),
    tensor('z', z, latentDim),
    tensor('mu', mu, latentDim),
    tensor('logVar', logVar, latentDim),
    tensor('decoded', decoded, ...shape),
  ];
  const path = join(folder, 'values.safetensors');
  writeFileSync(path, encodeSafetensors({ metadata: {}, tensors }));
  return path;
}

describe('export to PyTorch', () => {
  const cases: readonly Case[] = [
    { preset: 'mlp', shape: [12, 8, 3], style: 'ours' },
    { preset: 'conv', shape: [8, 12, 3], style: 'ours' },
    { preset: 'mlp', shape: [12, 8, 3], style: 'example' },
  ];
  test.for(cases)('$preset of $shape, names as in $style', async (one, context) => {
    requirePython(context, 'torch, safetensors.torch');
    const { preset, shape, style } = one;
    const run = await makeRun({ preset, shape, latentDim: 3, out: join(folder, 'run') });
    const map = join(folder, 'names.yaml');
    writeFileSync(map, EXAMPLE_NAMES);
    const out = join(folder, 'exported');
    await exportRun(run, { format: 'safetensors', out, ...(style === 'example' && { map }) });
    const values = await writeValues(run, shape, 3);
    const weights = join(out, 'model.safetensors');
    expectClose(vaes('load', preset, shape.join(), '3', style, weights, values));
  });
});

const EXAMPLE_NAMES = `
parameters:
  encoder/dense1/kernel: fc1.weight
  encoder/dense1/bias: fc1.bias
  encoder/mu/kernel: fc21.weight
  encoder/mu/bias: fc21.bias
  encoder/logVar/kernel: fc22.weight
  encoder/logVar/bias: fc22.bias
  decoder/dense1/kernel: fc3.weight
  decoder/dense1/bias: fc3.bias
  decoder/output/kernel: fc4.weight
  decoder/output/bias: fc4.bias
`;

const RUN_ONNX = `
import json, sys
import numpy as np, onnxruntime
from safetensors.numpy import load_file
worst = {}
for folder in sys.argv[1:]:
    known = load_file(f"{folder}/values.safetensors")
    for file in sorted({name.split("/")[0] for name in known}):
        session = onnxruntime.InferenceSession(f"{folder}/{file}", providers=["CPUExecutionProvider"])
        inputs = {i.name: known[f"{file}/in/{i.name}"] for i in session.get_inputs()}
        outputs = [o.name for o in session.get_outputs()]
        for start, end in [(0, 5), (0, 1), (1, 5)]:
            made = session.run(outputs, {name: value[start:end] for name, value in inputs.items()})
            for name, value in zip(outputs, made):
                wanted = known[f"{file}/out/{name}"][start:end]
                assert value.shape == wanted.shape, (folder, file, name, value.shape, wanted.shape)
                key = f"{folder.split('/')[-1]}/{file}/{name}"
                worst[key] = max(worst.get(key, 0.0), float(np.abs(value - wanted).max()))
print(json.dumps(worst))
`;

/** Numbers that any input will take: whole ones for what counts or names something. */
function inputValues(name: string, count: number): Float32Array {
  const whole = ['label', 'codes'].includes(name);
  return Float32Array.from({ length: count }, (_, i) =>
    whole ? i % 4 : ((i * 7919) % 1009) / 1009,
  );
}

/** Writes what the run's model makes beside the ONNX files that are to make the same. */
async function exportWithValues(run: string, out: string): Promise<void> {
  const { files } = await exportRun(run, { format: 'onnx', out });
  const tensors: NamedTensor[] = [];
  for (const { name: file, function: fn } of files) {
    if (!fn) continue;
    expect(fn.batch).toBe('dynamic');
    const sizes = (shape: readonly (number | string)[]) => [COUNT, ...shape.slice(1).map(Number)];
    const inputs = fn.inputs.map(({ name, shape }): NamedTensor => {
      const data = inputValues(name, elementCount(sizes(shape)));
      return { name, shape: sizes(shape), data };
    });
    const given = Object.fromEntries(inputs.map(({ name, data }) => [name, data]));
    const made = await runFunction(run, fn.name, given, COUNT);
    for (const tensor of inputs) tensors.push({ ...tensor, name: `${file}/in/${tensor.name}` });
    for (const { name, shape } of fn.outputs) {
      const data = made[name.replace(/_out$/, '')]?.slice() ?? new Float32Array();
      tensors.push({ name: `${file}/out/${name}`, shape: sizes(shape), data });
    }
  }
  const values = encodeSafetensors({ metadata: {}, tensors });
  writeFileSync(join(out, 'values.safetensors'), values);
}

test('ONNX files of every preset: onnxruntime, any number of examples', async (context) => {
  requirePython(context, 'onnxruntime, safetensors.numpy');
  const data = writeSmallMnist(join(folder, 'mnist'), { train: 20, test: 10, side: 28 });
  const larger = writeSmallMnist(join(folder, 'larger'), { train: 20, test: 10, side: 32 });
  const others: Readonly<Record<string, string>> = {
    audio: larger,
    tabular: writeTableRows(join(folder, 'rows.csv'), 20),
    text: writeTextLines(join(folder, 'lines.txt'), 20),
  };
  const names = Object.keys(presets);
  for (const preset of names) {
    const run = await makeRun({
      preset,
      data: others[preset] ?? data,
      shape: [28, 28, 1],
      out: join(folder, `${preset}-run`),
    });
    await exportWithValues(run, join(folder, preset));
  }
  const shape = [8, 12, 3];
  const color = await makeRun({ preset: 'conv', shape, out: join(folder, 'color-run') });
  await exportWithValues(color, join(folder, 'color'));
  const folders = [...names, 'color'].map((name) => join(folder, name));
  const worst = runPython(RUN_ONNX, ...folders) as Record<string, number>;
  if (process.env['LOCKSTEP_SHOW'] === 'differences') console.log(worst);
  expect(Object.keys(worst).length).toBeGreaterThan(folders.length);
  for (const [name, difference] of Object.entries(worst)) {
    expect([name, difference < CLOSE]).toEqual([name, true]);
  }
});
