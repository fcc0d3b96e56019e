/** The metrics beside what other libraries compute of the same numbers: `testing/metricVectors.ts`. */
import { tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import '../testing/cpuBackend.ts';
import { metricVectors, recordedRows } from '../testing/metricVectors.ts';
import { expectClose } from '../testing/values.ts';
import { activeUnits } from './activeUnits.ts';
import { aggregatePosterior, logAggregatePosterior } from './aggregatePosterior.ts';
import { dci, dciOfImportances } from './dci.ts';
import { growForest } from './forest.ts';
import { fitGaussian, frechetDistance } from './frechet.ts';
import { meanSquaredError, structuralSimilarity } from './imageQuality.ts';
import { bitsPerDimension, ImportanceWeightedNll } from './importanceWeighted.ts';
import { fitLinearProbe } from './linearProbe.ts';
import { mutualInformationGap } from './mig.ts';
import { accuracy, nearestNeighbourClasses } from './nearestNeighbours.ts';
import { manifoldRadii, onManifold } from './precisionRecall.ts';
import { meanOf, type Rows } from './rows.ts';
import { separatedAttributePredictability } from './sap.ts';

const EXACT = 12; // decimal places, of sums in float64
const all = ({ count }: Rows) => ({ begin: 0, end: count });

describe.each(metricVectors.images)('images of $shape: scikit-image', ({ shape, ...recorded }) => {
  const [a, b] = [recorded.a, recorded.b].map((values) => tensor(values, [...shape]));

  it('has the same squared error', () => {
    expectClose(meanSquaredError(a!, b!).dataSync(), recorded.mse, 1e-6);
  });

  it('has the same SSIM', () => {
    expectClose(structuralSimilarity(a!, b!).dataSync(), recorded.ssim, 1e-5);
  });
});

describe('probes: scikit-learn', () => {
  const { classes, labels, truth, probe, knn } = metricVectors.probes;
  const [train, test] = [
    recordedRows(metricVectors.probes.train),
    recordedRows(metricVectors.probes.test),
  ];

  it('fits the same logistic regression', () => {
    const fitted = fitLinearProbe(train, labels, { classes });
    const width = train.dim + 1;
    const rows = Array.from({ length: classes }, (_, c) =>
      Array.from(fitted.weights.subarray(c * width, (c + 1) * width)),
    );
    const biases = rows.map((row) => row.at(-1)!);
    const mean = meanOf(biases);
    // L-BFGS ends where no slope is above 1e-5.
    expectClose(
      rows.flatMap((row) => row.slice(0, -1)),
      probe.weights.flat(),
      1e-3,
    );
    expectClose(
      biases.map((bias) => bias - mean),
      probe.biases,
      1e-3,
    );
    expect([...fitted.predict(test)]).toEqual(probe.predicted);
    expect(accuracy(fitted.predict(test), truth)).toBe(probe.accuracy);
  });

  it('has the same nearest neighbours vote', () => {
    const found = nearestNeighbourClasses(test, { rows: train, labels }, all(test));
    const decided = knn.decided.map((i) => found[i]!);
    expect(decided).toEqual(knn.predicted);
    expect(
      accuracy(
        decided,
        knn.decided.map((i) => truth[i]!),
      ),
    ).toBe(knn.accuracy);
  });
});

describe('disentanglement: scikit-learn and SciPy', () => {
  const { factors, ...recorded } = metricVectors.disentanglement;
  const mu = recordedRows(recorded.mu);
  const names = factors.map(({ name }) => name);

  it('has the same mutual information gaps', () => {
    const { mig, gaps } = mutualInformationGap(mu, factors);
    for (const name of names) expect(gaps[name]).toBeCloseTo(recorded.mig[name]!, EXACT);
    expect(mig).toBeCloseTo(meanOf(names.map((name) => recorded.mig[name]!)), EXACT);
  });

  it('has the same attribute predictability, of lines and of thresholds', () => {
    const { sap, gaps } = separatedAttributePredictability(mu, factors);
    for (const name of names) expect(gaps[name]).toBeCloseTo(recorded.sap[name]!, EXACT);
    expect(sap).toBeCloseTo(meanOf(names.map((name) => recorded.sap[name]!)), EXACT);
  });

  it('has the same entropies of importances', () => {
    const found = dciOfImportances(recorded.dci.importances.map((row) => Float64Array.from(row)));
    expect(found.disentanglement).toBeCloseTo(recorded.dci.disentanglement, EXACT);
    expect(found.completeness).toBeCloseTo(recorded.dci.completeness, EXACT);
  });

  it('finds the importances of a random forest, given as many trees; with few, nearly its scores', () => {
    factors.forEach(({ values, size }, k) => {
      const { importances } = growForest(mu, values, { classes: size, seed: 0, trees: 400 });
      importances.forEach((value, j) =>
        expect(Math.abs(value - recorded.dci.importances[k]![j]!)).toBeLessThan(0.01),
      );
    });
    const found = dci(mu, factors, { seed: 0, trainShare: 0.9 });
    expect(Math.abs(found.disentanglement - recorded.dci.disentanglement)).toBeLessThan(0.05);
    expect(Math.abs(found.completeness - recorded.dci.completeness)).toBeLessThan(0.05);
  });

  it('has the same variances of mu', () => {
    const { count, variances } = activeUnits(mu, 0.5);
    expectClose(variances, recorded.variances, 1e-12);
    expect(count).toBe(3);
  });
});

it('the Frechet distance is that by the matrix square root of SciPy', () => {
  const { real, made, distance } = metricVectors.frechet;
  const [a, b] = [real, made].map((rows) => fitGaussian(recordedRows(rows)));
  expect(frechetDistance(a!, b!) / distance).toBeCloseTo(1, 10);
});

it('precision and recall are those by the neighbours of scikit-learn', () => {
  const { precision, recall, ...recorded } = metricVectors.manifolds;
  const [real, made] = [recordedRows(recorded.real), recordedRows(recorded.made)];
  const share = (queries: Rows, points: Rows): number =>
    meanOf(onManifold(queries, points, manifoldRadii(points, all(points)), all(queries)));
  expect(share(made, real)).toBeCloseTo(precision, EXACT);
  expect(share(real, made)).toBeCloseTo(recall, EXACT);
});

it('the importance-weighted likelihood is that by the log-sum-exp of SciPy', () => {
  const { logWeights, nll, bpd784 } = metricVectors.importanceWeighted;
  const bound = new ImportanceWeightedNll(logWeights[0]!.length);
  for (const draw of logWeights)
    bound.add(Float32Array.from(draw, (weight) => weight ?? -Infinity));
  expect(bound.nll()).toBeCloseTo(nll, 10);
  expect(bitsPerDimension(bound.nll(), 784)).toBeCloseTo(bpd784, EXACT);
});

it('the aggregate posterior is the mixture that SciPy has', () => {
  const recorded = metricVectors.aggregatePosterior;
  const z = recordedRows(recorded.z);
  const posteriors = { mu: recordedRows(recorded.mu), logVar: recordedRows(recorded.logVar) };
  const logMarginals = logAggregatePosterior(z, posteriors, all(z));
  expectClose(logMarginals, recorded.logMarginals, 1e-12);
  const found = aggregatePosterior(z, posteriors, logMarginals, recorded.logPriors);
  expect(found.mutualInformation).toBeCloseTo(recorded.mutualInformation, EXACT);
  expect(found.marginalKl).toBeCloseTo(recorded.marginalKl, EXACT);
  expect(found.kl).toBeCloseTo(recorded.kl, EXACT);
});
