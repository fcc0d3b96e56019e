import { expect, it } from 'vitest';
import { datasetValues } from '../dataset.ts';
import type { DataFormat } from '../format.ts';
import { numberedDataset } from '../testing/datasets.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { checkValues, type ValueSupport } from './checkValues.ts';

const levels = (count: number): ValueSupport => ({ low: 0, high: 1, step: 1 / (count - 1) });

function dataset(bytes: readonly number[]) {
  const made = numberedDataset({ count: bytes.length, shape: [1], stagingBytes: 0 });
  datasetValues(made).set(bytes);
  return made;
}

it.each<[readonly number[], ValueSupport]>([
  [[0, 17, 255], {}],
  [[0, 17, 255], { low: 0, high: 1 }],
  [[0, 255], levels(2)],
  [[0, 85, 170, 255], levels(4)],
  [[0, 1, 77, 254], levels(256)],
  [[0, 255], { low: 0, step: 1 }],
  [[0, 3, 200], { low: 0, step: 1 / 255 }],
])('takes %j where the support is %j', (bytes, support) => {
  expect(() => checkValues(dataset(bytes), support)).not.toThrow();
});

it('refuses what no level is', async () => {
  const made = dataset([0, 128, 255]);
  const check = () => checkValues(made, levels(4));
  const mentions = ['numbered', 'from 0 to 1 in steps of 0.333333', '0.5020', '--binarize'];
  await expectDataError(check, 'DATA_MODEL_VALUES', ...mentions);
  await expectDataError(() => checkValues(made, { low: 0, step: 1 }), 'DATA_MODEL_VALUES');
  await expectDataError(() => checkValues(made, { high: 0.7 }), 'DATA_MODEL_VALUES', '1.0000');
});

it('names a likelihood for sound, which is not binarised', async () => {
  const format = { ...dataset([0]).format, kind: 'audio' } as unknown as DataFormat;
  const check = () => checkValues({ ...dataset([128]), format }, levels(2));
  const fix = 'Choose a likelihood of such values: --likelihood gaussian-learned.';
  await expectDataError(check, 'DATA_MODEL_VALUES', fix);
});

it('knows that binarised values are zeros and ones', () => {
  const made = { ...dataset([0, 128, 255]), binarization: { how: 0.5, stream: 0 } };
  expect(() => checkValues(made, levels(4))).not.toThrow();
});
