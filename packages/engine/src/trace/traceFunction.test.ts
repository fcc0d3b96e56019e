import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../eager/backends.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { bothWays } from '../testing/bothWays.ts';
import { caseModel } from '../testing/functionCase.ts';
import { activationCases, layerCases } from '../testing/layerCases.ts';
import { likelihoodCases } from '../testing/likelihoodCases.ts';
import { convVae, mlpVae } from '../testing/models.ts';
import { elementwiseCases, optionalCases, shapeCases } from '../testing/operationCases.ts';

beforeAll(() => startBackend('cpu'));

describe('the graph, run through tfjs kernels, gives the bits that the function gives', () => {
  test.each([
    ...[...layerCases, ...activationCases, ...likelihoodCases].map(caseModel),
    ...[...elementwiseCases, ...shapeCases, ...optionalCases].map(caseModel),
    mlpVae(12, 7, 3),
    convVae(8, 4, 2),
  ])('$name', (model) => {
    const { eager, traced } = bothWays(gradientFunction(model, 3));
    expect(traced).toEqual(eager);
    expect(Object.keys(eager)).toHaveLength(model.parameters.length + 1);
  });
});
