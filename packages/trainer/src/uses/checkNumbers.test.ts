/** Numbers that the command line would refuse, given to the functions: before a run is even looked for. */
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { evaluateRun } from '../evaluateRun.ts';
import { anomalyFitRun } from './anomaly/fitAnomaly.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { generateRun } from './generate.ts';
import { interpolateRun } from './interpolate.ts';
import { recommendRun } from './recommend.ts';
import { reconstructRun } from './reconstruct.ts';
import { denoiseRun } from './restoring/denoise.ts';
import { inpaintRun } from './restoring/inpaint.ts';
import { sampleRun } from './sample.ts';
import { openService } from './serve/modelService.ts';
import { traverseRun } from './traverse.ts';

type Options = Readonly<Record<string, unknown>>;
type Use = (run: string, options: never) => Promise<unknown>;
const RUN = 'runs/none';
const entry = { workerEntry: new URL(import.meta.url) };

/** Each use, and options that it takes: with these, it goes on to the run, which is not there. */
const USES: Readonly<Record<string, readonly [Use, Options]>> = {
  sample: [sampleRun, { count: 1, seed: 0, out: 'a.png' }],
  generate: [generateRun, { count: 1, seed: 0 }],
  reconstruct: [reconstructRun, { count: 1, seed: 0, out: 'a.png' }],
  interpolate: [interpolateRun, { from: '0', to: '1', steps: 2, out: 'a.png' }],
  traverse: [traverseRun, { dims: 1, range: 1, steps: 2, out: 'a.png' }],
  embed: [embedRun, { out: 'a.csv' }],
  classify: [classifyRun, {}],
  recommend: [recommendRun, { out: 'a.csv' }],
  'anomaly fit': [anomalyFitRun, { out: 'a.json' }],
  'anomaly score': [anomalyScoreRun, { out: 'a.csv' }],
  denoise: [denoiseRun, { out: 'a.png' }],
  inpaint: [inpaintRun, { out: 'a.png' }],
  service: [openService, {}],
  evaluate: [evaluateRun, {}],
};

async function refusal(name: string, options: Options): Promise<unknown> {
  const [use, given] = USES[name] ?? [];
  if (!use) throw new Error(name);
  return use(RUN, { ...entry, ...given, ...options } as never).catch((error: unknown) => error);
}

describe.each(Object.keys(USES))('%s', (name) => {
  it('goes on to the run with numbers that are right', async () => {
    expect(await refusal(name, { workers: 2 })).not.toBeInstanceOf(ConfigError);
  });

  it.each([0, -1, 1.5, NaN, 1e9])('refuses %s workers', async (workers) => {
    const error = await refusal(name, { workers });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'CONFIG_WORKERS', where: '--workers', got: `${workers}` });
  });
});

it.each<[string, string, readonly unknown[]]>([
  ['sample', 'count', [0, -1, 1.5, NaN, Infinity, '3']],
  ['sample', 'seed', [-1, 0.5, NaN]],
  ['sample', 'temperature', [0, -1, NaN, Infinity]],
  ['generate', 'count', [0, 1.5]],
  ['reconstruct', 'count', [0, 2.5]],
  ['interpolate', 'steps', [1, 2.5, NaN]],
  ['traverse', 'steps', [1, 2.5]],
  ['traverse', 'dims', [0]],
  ['traverse', 'range', [0, -3, NaN, Infinity]],
  ['embed', 'count', [0, -5]],
  ['classify', 'neighbours', [0, 1.5]],
  ['classify', 'labels', [0, -1]],
  ['recommend', 'top', [0, 1.5]],
  ['anomaly fit', 'draws', [0, NaN]],
  ['anomaly score', 'draws', [0, 1.5, -1]],
  ['anomaly score', 'blame', [-1, 0.5]],
  ['denoise', 'count', [0]],
  ['denoise', 'examples', [0, 1.5]],
  ['inpaint', 'completions', [0, 1.5]],
  ['inpaint', 'steps', [0, NaN]],
  ['inpaint', 'hide', [0, 1, NaN]],
  ['service', 'batchWaitMs', [-1, NaN, Infinity]],
])('%s refuses another %s than the command line takes', async (name, option, values) => {
  for (const value of values) {
    const error = await refusal(name, { [option]: value });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'CONFIG_VALUE' });
    const got = typeof value === 'string' ? JSON.stringify(value) : String(value);
    expect((error as ConfigError).got).toBe(got);
    expect((error as ConfigError).fix).not.toBe('');
  }
});
