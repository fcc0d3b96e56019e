import type { Model } from '@lockstep/core';
import { expect, it } from 'vitest';
import { missingFunction } from './missingFunction.ts';
import type { TrainedModel } from './openTrained.ts';

const trained = (kind: 'preset' | 'file') => {
  const functions = { encode: {}, decode: {} } as unknown as NonNullable<Model['functions']>;
  const model = { name: 'semi', functions };
  return { config: { model: { kind } }, model, example: { shape: [28, 28, 1], classes: 10 } };
};

it.each([
  ['drawLatent', 'preset', /^Use a run of mlp, conv, .* vae-gan, semi-stacked, denoising/],
  ['negativeElbo', 'preset', /^Use a run of mlp, conv, .* iwae, flow, vamp, /],
  ['scores', 'preset', /^Use a run of recommend\.$/],
  ['columnLosses', 'preset', /^Use a model of your own\.$/],
  ['drawLatent', 'file', /^Give the model functions.drawLatent, or use a run of mlp, conv/],
] as const)('%s: of a %s', (name, kind, fix) => {
  const error = missingFunction(name, trained(kind) as unknown as TrainedModel);
  expect(error).toMatchObject({ code: 'RUN_NO_SUCH_FUNCTION', where: 'model semi' });
  expect(error.expected).toMatch(
    name === 'columnLosses' ? /functions\.columnLosses/ : / \((inpaint|recommend|anomaly)\)$/,
  );
  expect(error.got).toBe(kind === 'file' ? `one without functions.${name}` : 'one that does not');
  expect(error.fix).toMatch(fix);
  expect(error.fix).not.toMatch(/semi,|vq|text|tabular/);
});
