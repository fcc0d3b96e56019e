import { expect, it } from 'vitest';
import { resolveTrainConfig } from '../config/resolveTrainConfig.ts';
import { prepareJob } from '../job.ts';
import { largeModelNotice } from './largeModel.ts';

const notice = async (likelihood: string): Promise<string | undefined> => {
  const data = { data: 'sprites', resize: [28, 28] } as const;
  const flags = { ...data, preset: 'mlp', likelihood, workers: 2, engine: 'onnx' } as const;
  return largeModelNotice(await prepareJob(await resolveTrainConfig({ flags })));
};

it('a large model says its size, and what makes it large, before it is made', async () => {
  expect(await notice('categorical')).toMatch(
    /mlp has 8\d,\d{3},\d{3} parameters, most of them in decoder\S* \[\d+, 200704\].* GiB/u,
  );
  expect(await notice('bernoulli')).toBeUndefined();
});
