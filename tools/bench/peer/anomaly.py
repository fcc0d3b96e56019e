"""AUC of anomaly scores from scikit-learn on a table: isolation forest and one-class SVM.

    python anomaly.py train.csv test.csv --label label --normal normal

Both files have a header and the same columns. Categories and columns of two values become indicators,
numbers are scaled to mean 0 and deviation 1 as the training rows have them; with --log, first log1p of
those above 20.
"""

import argparse
import csv
import gzip
import json

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.svm import OneClassSVM


def read(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        header, *rows = csv.reader(file)
    return header, list(zip(*rows))


def numbers(values):
    try:
        return np.array([float(value) for value in values])
    except ValueError:
        return None


def encode(train, test, log):
    columns = []
    for own, other in zip(train, test):
        values = numbers(own)
        if values is None or len(set(own)) == 2:
            known = sorted(set(own))
            columns.append([[float(v == k) for k in known] for v in side] for side in (own, other))
            continue
        sides = [values, numbers(other)]
        if log and values.max() > 20:
            sides = [np.log1p(side) for side in sides]
        mean, deviation = sides[0].mean(), sides[0].std() or 1
        columns.append([((side - mean) / deviation).reshape(-1, 1) for side in sides])
    sides = zip(*columns)
    return [np.concatenate([np.asarray(part) for part in side], 1) for side in sides]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--label", required=True)
    parser.add_argument("--normal", required=True)
    parser.add_argument("--log", action="store_true")
    options = parser.parse_args()
    header, train = read(options.train)
    _, test = read(options.test)
    label = header.index(options.label)
    anomalous = np.array([value != options.normal for value in test[label]])
    data = [[c for i, c in enumerate(side) if i != label] for side in (train, test)]
    a, b = encode(*data, options.log)

    def report(name, scores):
        auc, precision = roc_auc_score(anomalous, scores), average_precision_score(anomalous, scores)
        print(json.dumps({"name": name, "auc": auc, "averagePrecision": precision}), flush=True)

    for seed in range(3):
        forest = IsolationForest(n_estimators=100, random_state=seed).fit(a)
        report(f"isolation forest, seed {seed}", -forest.score_samples(b))
    for nu in (0.01, 0.1, 0.5):
        machine = OneClassSVM(nu=nu, gamma="scale").fit(a)
        report(f"one-class SVM, nu {nu}", -machine.score_samples(b))


if __name__ == "__main__":
    main()
