import { memory, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../checkModel.ts';
import { evaluationContext } from '../evaluationContext.ts';
import { parameterTensors } from '../namedTensors.ts';
import { initializeParameters } from '../initialize.ts';
import { expectClose, uniformValues } from '../testing/values.ts';
import '../testing/cpuBackend.ts';
import { FEATURES, featureNetwork } from './featureNetwork.ts';

describe.each([{ shape: [28, 28, 1] }, { shape: [9, 12, 3] }, { shape: [10] }])(
  'of $shape',
  ({ shape }) => {
    const model = featureNetwork({ shape, classes: 5 });
    const values = initializeParameters(model.parameters, 1);
    const size = shape.reduce((a, b) => a * b);
    const x = tensor(uniformValues([3, size]), [3, ...shape]);

    it('is a model, with features of the size it declares', () => {
      expect(checkModel(model)).toBe(model);
      const params = parameterTensors(model.parameters, values);
      const before = memory().numTensors;
      const { features, class: classes } = model.functions.features.apply(params, { x }, {});
      expect(features?.shape).toEqual([3, FEATURES]);
      expect(classes?.shape).toEqual([3]);
      expect(memory().numTensors).toBe(before + 2);
    });

    it('has the cross entropy of a uniform guess where the last layer is zero', () => {
      const zeros = {
        'features/classes/kernel': new Float32Array(FEATURES * 5),
        'features/classes/bias': new Float32Array(5),
      };
      const params = parameterTensors(model.parameters, { ...values, ...zeros });
      const label = tensor([0, 4, 2]);
      const before = memory().numTensors;
      const context = evaluationContext(model, 3);
      const { loss, metrics } = model.loss(params, { x, label }, {}, context);
      expect(memory().numTensors).toBe(before + 3);
      expectClose(
        loss.dataSync(),
        [1, 1, 1].map((n) => n * Math.log(5)),
        1e-6,
      );
      // Of equal scores the first class is taken.
      expect([...metrics['accuracy']!.dataSync()]).toEqual([1, 0, 0]);
    });
  },
);

it('takes a row of a table as encoders do, with what is missing', () => {
  const columns = [
    { name: 'amount', kind: 'numeric', missing: true },
    { name: 'shop', kind: 'categorical', categories: 3, missing: true },
  ] as const;
  const model = featureNetwork({ shape: [2], classes: 2, columns });
  const [first] = model.parameters;
  // The number, whether it is known, an indicator for each category.
  expect(first?.shape).toEqual([5, 256]);
  const params = parameterTensors(model.parameters, initializeParameters(model.parameters, 1));
  const x = tensor([0.5, 2, NaN, NaN, 0.5, NaN], [3, 2]);
  const { features } = model.functions.features.apply(params, { x }, {});
  expect([...features!.dataSync()].every(Number.isFinite)).toBe(true);
});

it('needs labels', () => {
  expect(() => featureNetwork({ shape: [28, 28, 1] })).toThrow(
    expect.objectContaining({ code: 'MODEL_NO_LABELS' }),
  );
});
