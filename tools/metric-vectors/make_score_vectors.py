"""Test vectors for what the uses of a model stand on: curves of scores, confusion, rankings, principal
components, median filter, paths. Like make_vectors.py beside it:

    pip install numpy scipy scikit-learn
    python tools/metric-vectors/make_score_vectors.py

writes score_vectors.json beside this file. A library's own function is called wherever there is one.
Two are written out, from the papers' equations and in NumPy: recall@k of Liang et al. (2018), and the
DeLong variance of the area under the ROC curve, which the bootstrap interval is held against.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.ndimage import median_filter
from scipy.spatial import geometric_slerp
from scipy.stats import norm
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    ndcg_score,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from make_vectors import floats, rows, single


def delong_deviation(scores, positive):
    """DeLong, DeLong, Clarke-Pearson (1988), eq. 3 to 5, for one curve."""
    x, y = scores[positive], scores[~positive]
    wins = (x[:, None] > y[None]) + 0.5 * (x[:, None] == y[None])
    return np.sqrt(wins.mean(axis=1).var(ddof=1) / len(x) + wins.mean(axis=0).var(ddof=1) / len(y))


def curve(scores, positive):
    scores = single(scores)
    rates = roc_curve(positive, scores, drop_intermediate=False)
    precisions, recalls, thresholds = precision_recall_curve(positive, scores)
    return {
        "scores": floats(scores),
        "positive": positive.astype(int).tolist(),
        # The first threshold of scikit-learn's is infinite.
        "thresholds": floats(rates[2][1:]),
        "falsePositiveRates": rates[0].tolist(),
        "truePositiveRates": rates[1].tolist(),
        "auc": roc_auc_score(positive, scores),
        # Ascending thresholds, and an end of its own that no threshold has.
        "precisions": precisions[:-1][::-1].tolist(),
        "recalls": recalls[:-1][::-1].tolist(),
        "averagePrecision": average_precision_score(positive, scores),
        "delongDeviation": delong_deviation(scores, positive),
    }


def curves(rng):
    """Distinct scores; scores of which most are tied; few positives, worse than chance."""
    cases = []
    for count, share, shift, step in ((300, 0.4, 1.0, 0), (400, 0.5, 0.8, 0.5), (250, 0.08, -0.4, 0)):
        positive = rng.uniform(size=count) < share
        scores = rng.standard_normal(count) + shift * positive
        cases.append(curve(np.round(scores / step) * step if step else scores, positive))
    return cases


def confusion(rng):
    """Four classes, one of them never predicted, one without examples."""
    labels = rng.choice([0, 1, 3], 120)
    wrong = rng.uniform(size=120) < 0.3
    predicted = np.where(wrong, rng.integers(0, 3, 120), np.minimum(labels, 2))
    arguments = {"labels": range(4), "zero_division": 0}
    each = precision_recall_fscore_support(labels, predicted, **arguments)
    macro = precision_recall_fscore_support(labels, predicted, average="macro", **arguments)
    return {
        "classes": 4,
        "labels": labels.tolist(),
        "predicted": predicted.tolist(),
        "counts": confusion_matrix(labels, predicted, labels=range(4)).ravel().tolist(),
        **{name: v.tolist() for name, v in zip(("precision", "recall", "f1", "examples"), each)},
        "macro": [float(value) for value in macro[:3]],
        "accuracy": float((labels == predicted).mean()),
    }


def liang_recall(scores, relevant, k):
    """As in the paper: the hits among the first k, divided by min(k, relevant items)."""
    top = np.argsort(-scores, kind="stable")[:k]
    return relevant[top].sum() / min(k, relevant.sum())


def ranking(rng):
    users = []
    for held in (3, 12, 1):
        scores = single(rng.standard_normal(40))
        relevant = np.zeros(40)
        relevant[rng.choice(40, held, replace=False)] = 1
        scores[relevant > 0] += 0.5
        scores = single(scores)
        users.append(
            {
                "scores": floats(scores),
                "relevant": np.flatnonzero(relevant).tolist(),
                "at": [
                    {
                        "k": k,
                        "recall": liang_recall(scores, relevant, k),
                        "ndcg": ndcg_score([relevant], [scores], k=k),
                    }
                    for k in (1, 5, 20, 40)
                ],
            }
        )
    return users


def components(rng):
    data = single(rng.standard_normal((80, 6)) @ rng.standard_normal((6, 6)) + rng.standard_normal(6))
    fitted = PCA(n_components=3, svd_solver="full").fit(data)
    return {
        "rows": rows(data),
        "components": fitted.components_.ravel().tolist(),
        "variances": fitted.explained_variance_.tolist(),
        "shares": fitted.explained_variance_ratio_.tolist(),
        "projected": fitted.transform(data).ravel().tolist(),
    }


def probabilities(rng):
    labels = rng.integers(0, 3, 150)
    data = single(rng.standard_normal((150, 4)) + rng.standard_normal((3, 4))[labels])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, tol=1e-12, max_iter=10_000))
    model.fit(data, labels)
    return {
        "rows": rows(data),
        "labels": labels.tolist(),
        # The penalty on the mean loss: 1 / (C N).
        "l2": 1 / (0.1 * len(data)),
        "probabilities": model.predict_proba(data).ravel().tolist(),
    }


def medians(rng):
    cases = []
    for shape, size in (((2, 5, 7, 1), 3), ((1, 6, 4, 3), 5), ((1, 2, 3, 1), 9)):
        images = rng.uniform(size=shape).astype(np.float32)
        filtered = median_filter(images, size=(1, size, size, 1), mode="reflect")
        cases.append(
            {"shape": shape[1:], "size": size, "images": floats(images), "filtered": floats(filtered)}
        )
    return cases


def slerps(rng):
    """SciPy's path between points of the unit sphere."""
    cases = []
    for dim in (2, 5, 32):
        a, b = (v / np.linalg.norm(v) for v in rng.standard_normal((2, dim)))
        ts = [0, 0.2, 0.5, 0.9, 1]
        points = geometric_slerp(a, b, ts)
        cases.append({"a": a.tolist(), "b": b.tolist(), "ts": ts, "points": points.tolist()})
    return cases


def main():
    rng = np.random.default_rng(20240815)
    shares = [1e-300, 1e-20, 1e-9, 1e-4, 0.01, 0.0749, 0.075, 0.3, 0.5, 0.7, 0.925, 0.975, 0.999999]
    vectors = {
        "madeWith": ", ".join(f"{lib.__name__} {lib.__version__}" for lib in (np, scipy, sklearn)),
        "curves": curves(rng),
        "confusion": confusion(rng),
        "ranking": ranking(rng),
        "components": components(rng),
        "probabilities": probabilities(rng),
        "medians": medians(rng),
        "slerps": slerps(rng),
        "normalQuantiles": [{"share": p, "z": norm.ppf(p)} for p in shares],
    }
    path = pathlib.Path(__file__).with_name("score_vectors.json")
    path.write_text(json.dumps(vectors) + "\n")


if __name__ == "__main__":
    main()
