"""Scores of implicit-feedback matrix factorisation, for users who were not trained on.

    python factorize.py FOLDER --items 1000

FOLDER holds train.bin and fold.bin: pairs (user, item) of uint32, little-endian, users from 0. Written:
scores.bin, float32, [users of fold, items].

Alternating least squares with confidences 1 + alpha: Hu, Koren, Volinsky: "Collaborative Filtering for
Implicit Feedback Datasets" (2008), eq. 4 and 5. Users of fold are folded in with the items as trained.
"""

import argparse
import json
import pathlib

import numpy as np


def matrix(path, items):
    pairs = np.fromfile(path, dtype="<u4").reshape(-1, 2)
    chosen = np.zeros((pairs[:, 0].max() + 1, items), dtype=np.float32)
    chosen[pairs[:, 0], pairs[:, 1]] = 1
    return chosen


def solve(chosen, other, alpha, weight):
    """Rows of factors for `chosen` [rows, n], where `other` [n, factors] is given."""
    gram = other.T @ other + weight * np.eye(other.shape[1], dtype=np.float32)
    rows = np.empty((len(chosen), other.shape[1]), dtype=np.float32)
    for i, row in enumerate(chosen):
        own = other[row > 0]
        rows[i] = np.linalg.solve(gram + alpha * own.T @ own, (1 + alpha) * own.sum(0))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--items", type=int, required=True)
    parser.add_argument("--factors", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=10)
    parser.add_argument("--weight", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    train = matrix(options.folder / "train.bin", options.items)
    generator = np.random.default_rng(options.seed)
    items = generator.normal(0, 0.1, (options.items, options.factors)).astype(np.float32)
    for _ in range(options.rounds):
        users = solve(train, items, options.alpha, options.weight)
        items = solve(train.T, users, options.alpha, options.weight)
    fold = matrix(options.folder / "fold.bin", options.items)
    scores = solve(fold, items, options.alpha, options.weight) @ items.T
    scores.astype("<f4").tofile(options.folder / "scores.bin")
    print(json.dumps({"users": len(scores)}))


if __name__ == "__main__":
    main()
