"""Test vectors for packages/core/src/metrics: what other libraries compute of the same numbers.

    pip install numpy scipy scikit-learn scikit-image
    python tools/metric-vectors/make_vectors.py

writes vectors.json beside this file. A library's own function is called wherever there is one; what a
paper builds from such pieces (MIG, SAP, DCI) is put together here in as few lines as it takes, from them.
The FactorVAE score is not here: no library that is widely used has it.
Inputs are float32, printed with as many digits as tell them apart; results are float64.
"""

import json
import pathlib

import numpy as np
import scipy
import skimage
import sklearn
from scipy.linalg import sqrtm
from scipy.special import logsumexp
from scipy.stats import entropy, norm
from skimage.metrics import mean_squared_error, structural_similarity
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, mutual_info_score, pairwise_distances, roc_curve
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

FOREST_BINS = 32
MIG_BINS = 20


def floats(array):
    """Shortest decimals that round to the same float32 values."""
    return [float(str(value)) for value in np.asarray(array, dtype=np.float32).ravel()]


def rows(array):
    return {"dim": array.shape[1], "data": floats(array)}


def single(array):
    """The float32 values that the tests will read, in double precision."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def images(rng):
    """Smooth images, their noisy copies, and unrelated ones."""
    cases = []
    for height, width, channels in ((16, 13, 1), (11, 12, 3)):
        y, x = np.mgrid[0:height, 0:width]
        base = 0.5 + 0.4 * np.sin(x / 3 + y / 5)[..., None] * np.linspace(1, 0.5, channels)
        noisy = np.clip(base + 0.1 * rng.standard_normal(base.shape), 0, 1)
        other = rng.uniform(size=base.shape)
        a, b = single(np.stack([base, base])), single(np.stack([noisy, other]))
        cases.append(
            {
                "shape": list(a.shape),
                "a": floats(a),
                "b": floats(b),
                "mse": [mean_squared_error(*pair) for pair in zip(a, b)],
                "ssim": [
                    structural_similarity(
                        *pair,
                        channel_axis=2,
                        data_range=1,
                        gaussian_weights=True,
                        sigma=1.5,
                        use_sample_covariance=False,
                    )
                    for pair in zip(a, b)
                ],
            }
        )
    return cases


def probes(rng):
    """Four overlapping classes; inputs of different scales, one that does not vary."""
    centers = 1.5 * rng.standard_normal((4, 5))

    def draw(count):
        labels = rng.integers(0, 4, count)
        inputs = centers[labels] + rng.standard_normal((count, 5))
        inputs = inputs * np.array([1, 30, 0.05, 1, 0]) + np.array([0, 5, 0, -2, 3])
        return single(inputs), labels

    (train, labels), (test, truth) = draw(240), draw(90)
    probe = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-12, max_iter=10_000))
    probe.fit(train, labels)
    regression = probe[-1]
    nearest = KNeighborsClassifier(n_neighbors=10).fit(train, labels)
    # Where two classes have as many votes, scikit-learn takes the lower and we the nearer one.
    votes = np.sort(nearest.predict_proba(test), axis=1)
    decided = votes[:, -1] > votes[:, -2]
    return {
        "classes": 4,
        "train": rows(train),
        "labels": labels.tolist(),
        "test": rows(test),
        "truth": truth.tolist(),
        "probe": {
            "weights": regression.coef_.tolist(),
            # Only differences of biases matter.
            "biases": (regression.intercept_ - regression.intercept_.mean()).tolist(),
            "predicted": probe.predict(test).tolist(),
            "accuracy": accuracy_score(truth, probe.predict(test)),
        },
        "knn": {
            "decided": np.flatnonzero(decided).tolist(),
            "predicted": nearest.predict(test)[decided].tolist(),
            "accuracy": accuracy_score(truth[decided], nearest.predict(test)[decided]),
        },
    }


def gap(scores):
    second, first = np.sort(scores)[-2:]
    return first - second


def mig_gap(mu, values):
    """Locatello et al. (2019), and their library: bins of equal width, I and H by scikit-learn."""
    information = []
    for column in mu.T:
        edges = np.histogram(column, MIG_BINS)[1][:-1]
        information.append(mutual_info_score(np.digitize(column, edges), values))
    return gap(information) / mutual_info_score(values, values)


def balanced_accuracy(column, is_value):
    """Of the best threshold, on either side of it."""
    false_positives, true_positives, _ = roc_curve(is_value, column, drop_intermediate=False)
    balanced = (true_positives + 1 - false_positives) / 2
    return max(balanced.max(), 1 - balanced.min())


def sap_gap(mu, values, ordered):
    def score(column):
        if ordered:
            return LinearRegression().fit(column[:, None], values).score(column[:, None], values)
        return np.mean([balanced_accuracy(column, values == v) for v in np.unique(values)])

    return gap([score(column) for column in mu.T])


def dci(importances):
    """R [L, K], as Eastwood, Williams (2018) define it, entropies by SciPy."""
    codes, factors = importances.shape
    by_code = 1 - entropy(importances, base=factors, axis=1)
    by_factor = 1 - entropy(importances, base=codes, axis=0)
    share = importances.sum(axis=1) / importances.sum()
    return {"disentanglement": share @ by_code, "completeness": by_factor.mean()}


def forest(mu, values):
    """What the small forest is meant to be, of many trees: the same bins, leaves and depth.

    Bootstrap samples are real rows: as the weights of scikit-learn's own forest, an example drawn
    twice would count once for the smallest leaf.
    """
    edges = [np.sort(c)[[len(c) * b // FOREST_BINS for b in range(1, FOREST_BINS)]] for c in mu.T]
    binned = np.stack([np.digitize(c, e) for c, e in zip(mu.T, edges)], axis=1)
    rng, total = np.random.default_rng(0), np.zeros(mu.shape[1])
    for tree in range(400):
        drawn = rng.integers(0, len(mu), len(mu))
        grown = DecisionTreeClassifier(max_depth=12, min_samples_leaf=4, random_state=tree)
        grown.fit(binned[drawn], values[drawn])
        total += grown.tree_.compute_feature_importances(normalize=False)
    return total / total.sum()


def disentanglement(rng):
    """Latents that mix three factors, one of them unordered."""
    specs = [("kind", 3, False), ("size", 5, True), ("place", 8, True)]
    values = np.stack([rng.integers(0, size, 400) for _, size, _ in specs], axis=1)
    mixing = np.array([[1.0, 0.1, 0, 0.3], [0, 0.6, 0.3, 0], [0.1, 0, 0.3, 0.1]])
    mu = single(values @ mixing + 0.4 * rng.standard_normal((400, 4)))
    factors = [(name, ordered, v) for (name, _, ordered), v in zip(specs, values.T)]
    importances = np.stack([forest(mu, v) for _, _, v in factors], axis=1)
    return {
        "mu": rows(mu),
        "factors": [
            {"name": name, "size": size, "ordered": ordered, "values": v.tolist()}
            for (name, size, ordered), v in zip(specs, values.T)
        ],
        "mig": {name: mig_gap(mu, v) for name, _, v in factors},
        "sap": {name: sap_gap(mu, v, ordered) for name, ordered, v in factors},
        "dci": {"importances": importances.T.tolist(), **dci(importances)},
        "variances": mu.var(axis=0).tolist(),
    }


def frechet(rng):
    real = single(rng.standard_normal((120, 6)) @ rng.standard_normal((6, 6)) + 1)
    made = single(rng.standard_normal((90, 6)) @ rng.standard_normal((6, 6)))
    covariances = [np.cov(x, rowvar=False) for x in (real, made)]
    difference = real.mean(axis=0) - made.mean(axis=0)
    root = sqrtm(covariances[0] @ covariances[1]).real
    distance = difference @ difference + np.trace(sum(covariances) - 2 * root)
    return {"real": rows(real), "made": rows(made), "distance": distance}


def manifolds(rng):
    """Kynkaanniemi et al. (2019): k = 3; scikit-learn counts a point as its own first neighbour."""
    real = single(rng.standard_normal((150, 3)))
    made = single(rng.standard_normal((110, 3)) * 1.3 + np.array([1.2, 0, 0]))

    def share(queries, points):
        radii = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(points)[0][:, 3]
        return (pairwise_distances(queries, points) <= radii).any(axis=1).mean()

    return {
        "real": rows(real),
        "made": rows(made),
        "precision": share(made, real),
        "recall": share(real, made),
    }


def importance_weighted(rng):
    """Weights from the negligible to the huge, some of them none at all; [draws, examples]."""
    weights = single(rng.standard_normal((12, 5)) * 40 + np.array([-800, -90, 0, 90, 1000]))
    weights[3, 1] = -np.inf
    weights[0, 2] = -np.inf
    nll = -(logsumexp(weights, axis=0) - np.log(len(weights))).mean()
    kept = [[None if np.isinf(w) else w for w in floats(draw)] for draw in weights]
    return {"logWeights": kept, "nll": nll, "bpd784": nll / 784 / np.log(2)}


def aggregate_posterior(rng):
    """q(z) as the mixture of all posteriors; a standard normal prior."""
    count, dim = 60, 3
    mu = single(rng.standard_normal((count, dim)))
    log_var = single(rng.standard_normal((count, dim)) - 2)
    z = single(mu + np.exp(log_var / 2) * rng.standard_normal((count, dim)))
    densities = norm.logpdf(z[:, None], mu[None], np.exp(log_var / 2)[None]).sum(axis=2)
    marginal = logsumexp(densities, axis=1) - np.log(count)
    prior = norm.logpdf(z).sum(axis=1)
    return {
        "mu": rows(mu),
        "logVar": rows(log_var),
        "z": rows(z),
        "logPriors": prior.tolist(),
        "logMarginals": marginal.tolist(),
        "mutualInformation": (np.diag(densities) - marginal).mean(),
        "marginalKl": (marginal - prior).mean(),
        "kl": (np.diag(densities) - prior).mean(),
    }


def main():
    rng = np.random.default_rng(20240614)
    libraries = (np, scipy, sklearn, skimage)
    vectors = {
        "madeWith": ", ".join(f"{lib.__name__} {lib.__version__}" for lib in libraries),
        "images": images(rng),
        "probes": probes(rng),
        "disentanglement": disentanglement(rng),
        "frechet": frechet(rng),
        "manifolds": manifolds(rng),
        "importanceWeighted": importance_weighted(rng),
        "aggregatePosterior": aggregate_posterior(rng),
    }
    path = pathlib.Path(__file__).with_name("vectors.json")
    path.write_text(json.dumps(vectors) + "\n")


if __name__ == "__main__":
    main()
