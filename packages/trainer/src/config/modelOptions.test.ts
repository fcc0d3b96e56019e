import { expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { completeModelOptions } from './modelOptions.ts';
import { resolveTrainConfig } from './resolveTrainConfig.ts';

const preset = { name: 'small', options: { latentDim: 2, klWeight: 1, likelihood: 'bernoulli' } };
const locate = (path: readonly PropertyKey[]) => path.join('.');

it('puts what is given over the defaults', () => {
  expect(completeModelOptions(preset, {}, locate)).toEqual(preset.options);
  const given = { klWeight: 4, likelihood: undefined };
  expect(completeModelOptions(preset, given, locate)).toEqual({ ...preset.options, klWeight: 4 });
});

it.each([
  [{ samples: 5 }, 'CONFIG_NO_EFFECT', 'modelOptions.samples', 'choose another preset'],
  [{ latentdim: 5 }, 'CONFIG_NO_EFFECT', 'modelOptions.latentdim', 'Did you mean "latentDim"?'],
  [{ widths: [5] }, 'CONFIG_NO_EFFECT', 'modelOptions.widths', 'choose another preset'],
  [{ klWeight: NaN }, 'CONFIG_VALUE', 'modelOptions.klWeight', 'leave it out'],
  [{ likelihood: 5 }, 'CONFIG_VALUE', 'modelOptions.likelihood', 'leave it out'],
  [{ klWeight: true }, 'CONFIG_VALUE', 'modelOptions.klWeight', 'leave it out'],
])('refuses %j', (given, code, where, fix) => {
  const refused = () => completeModelOptions(preset, given, locate);
  expect(refused).toThrow(ConfigError);
  expect(refused).toThrow(expect.objectContaining({ code, where }) as ConfigError);
  expect(refused).toThrow(fix);
});

it('names the flag that an option came from', async () => {
  const flags = { preset: 'mlp', samples: 5 };
  await expect(resolveTrainConfig({ flags })).rejects.toMatchObject({
    code: 'CONFIG_NO_EFFECT',
    where: '--samples',
  });
  const config = await resolveTrainConfig({
    flags: { preset: 'mlp', latentDim: 3, beta: 4, klSchedule: 'linear', likelihood: 'laplace' },
  });
  expect(config.model).toMatchObject({
    options: { latentDim: 3, klWeight: 4, klSchedule: 'linear', likelihood: 'laplace' },
  });
});

it.each([
  [{ latentDim: 0.5 }, '--latent-dim', '0.5'],
  [{ beta: -1 }, '--beta', '-1'],
  [{ likelihood: '' }, '--likelihood', '""'],
  [{ samples: 0 }, '--samples', '0'],
  [{ modelOptions: { klWeight: -1 } }, '--beta', '-1'],
])('refuses the flags %j', async (flags, where, got) => {
  const expected = { code: 'CONFIG_VALUE', where, got };
  await expect(resolveTrainConfig({ flags })).rejects.toMatchObject(expected);
});

it.each([
  [{ klSchedule: 'liner:share=0.2' }, '--kl-schedule', '"liner"', 'Did you mean "linear"?'],
  [{ likelihood: 'gausian:0.5' }, '--likelihood', '"gausian"', 'Did you mean "gaussian"?'],
])('knows the names of %j', async (flags, where, got, fix) => {
  const expected = { code: 'CONFIG_UNKNOWN_NAME', where, got, fix };
  await expect(resolveTrainConfig({ flags })).rejects.toMatchObject(expected);
});

it.each([
  [{ likelihood: 'gaussian:-1' }, '--likelihood', 'a finite number above 0 (gaussian likelihood'],
  [{ likelihood: 'bernoulli:3' }, '--likelihood', 'no number (likelihood bernoulli)'],
  [{ klSchedule: 'linear:share=2' }, '--kl-schedule', 'a share from 0 to 1 (KL schedule "linear"'],
  [{ klSchedule: 'linear:shar=0.1' }, '--kl-schedule', 'settings like minimum=0'],
  [{ klSchedule: 'linear:minimum=3', beta: 2 }, '--kl-schedule', 'at most the KL weight, 2'],
])('reads the settings of %j', async (flags, where, expected) => {
  await expect(resolveTrainConfig({ flags })).rejects.toMatchObject({
    code: 'CONFIG_VALUE',
    where,
    expected: expect.stringContaining(expected) as string,
  });
});

it('names the known options to whoever gives an unknown one, whatever its value', async () => {
  const options = { widths: [3] } as unknown as Record<string, number>;
  await expect(
    resolveTrainConfig({ flags: { preset: 'mlp', modelOptions: options } }),
  ).rejects.toMatchObject({
    code: 'CONFIG_NO_EFFECT',
    expected: 'an option of preset mlp: latentDim, klWeight, klSchedule, likelihood',
  });
});
