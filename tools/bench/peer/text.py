"""Preset text in PyTorch, or n-grams of characters: what lines of text cost, in bits for each character.

    python text.py --train train.txt --test test.txt --epochs 3 --seed 0    a line of JSON an epoch
    python text.py --train train.txt --test test.txt --ngrams 5             a line for each n

The same two files, as --data and --test-data, give `lockstep train --preset text` the same examples:
lines that are not empty, of characters, ended by token 0. Bits count the end of a line as a character.

Shapes: B lines, T steps, V tokens, F filters, L latent dimensions.
"""

import argparse
import collections
import json
import math
import time

import torch
import torch.nn.functional as F
from torch import nn


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line.strip()]


def tokens_of(lines, vocabulary, steps):
    ids = {character: i + 2 for i, character in enumerate(vocabulary)}
    rows = torch.zeros(len(lines), steps, dtype=torch.int64)
    for row, line in zip(rows, lines):
        known = [ids.get(character, 1) for character in line[:steps]]
        row[: len(known)] = torch.tensor(known)
    return rows


class CausalConv(nn.Conv1d):
    """Residual: x + relu(convolution that sees x and what is before it)."""

    def __init__(self, filters, dilation=1):
        super().__init__(filters, filters, 3, dilation=dilation)

    def forward(self, x):  # [B, F, T]
        return x + F.relu(super().forward(F.pad(x, (2 * self.dilation[0], 0))))


def fold(x):  # [B, T, C] -> [B, T / 2, 2 C]
    x = F.pad(x, (0, 0, 0, x.shape[1] % 2))
    return x.reshape(len(x), -1, 2 * x.shape[2])


class Text(nn.Module):
    def __init__(self, tokens, steps, latent=32, filters=64, blocks=4, levels=3):
        super().__init__()
        self.sizes = [math.ceil(steps / 2**i) for i in range(levels + 1)]
        half = math.ceil(filters / 2)
        self.embed_in = nn.Embedding(tokens, half)
        self.embed_out = nn.Embedding(tokens, filters)
        for embedding in (self.embed_in, self.embed_out):
            nn.init.normal_(embedding.weight, std=0.5)
        widths = [half] + [filters] * (levels - 1)
        self.folds = nn.ModuleList(nn.Linear(2 * width, filters) for width in widths)
        self.looks = nn.ModuleList(CausalConv(filters) for _ in range(levels))
        features = self.sizes[-1] * filters
        self.mu, self.log_var = nn.Linear(features, latent), nn.Linear(features, latent)
        self.expand = nn.Linear(latent, features)
        self.back = nn.ModuleList(CausalConv(filters) for _ in range(levels))
        self.unfolds = nn.ModuleList(nn.Linear(filters, 2 * filters) for _ in range(levels))
        self.convs = nn.ModuleList(CausalConv(filters, 2**i) for i in range(blocks))
        self.hidden, self.output = nn.Linear(filters, filters), nn.Linear(filters, tokens)
        self.filters = filters

    def encode(self, x):
        h = self.embed_in(x)
        for linear, look in zip(self.folds, self.looks):
            h = look(F.relu(linear(fold(h))).transpose(1, 2)).transpose(1, 2)
        h = h.flatten(1)
        return self.mu(h), self.log_var(h)

    def condition(self, z):  # [B, T, F]
        h = F.relu(self.expand(z)).view(len(z), -1, self.filters)
        for i, (look, linear) in enumerate(zip(self.back, self.unfolds)):
            h = linear(look(h.transpose(1, 2)).transpose(1, 2))
            h = h.reshape(len(h), -1, self.filters)[:, : self.sizes[-2 - i]]
            h = F.relu(h) if i + 1 < len(self.back) else h
        return h

    def loss(self, x, minimum, micro):
        mu, log_var = self.encode(x)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
        before = F.pad(x[:, :-1], (1, 0))
        h = (self.embed_out(before) + self.condition(z)).transpose(1, 2)
        for conv in self.convs:
            h = conv(h)
        logits = self.output(F.relu(self.hidden(h.transpose(1, 2))))
        scored = (before != 0).float()
        scored[:, 0] = 1
        costs = F.cross_entropy(logits.transpose(1, 2), x, reduction="none")
        reconstruction = (costs * scored).sum(1)
        kl = -0.5 * (1 + log_var - mu * mu - log_var.exp())  # [B, L]
        free = torch.stack([part.mean(0).clamp(min=minimum).sum() for part in kl.split(micro)])
        sizes = torch.tensor([len(part) for part in kl.split(micro)])
        trained = reconstruction.sum() + (free * sizes).sum()
        return trained / len(x), reconstruction, kl.sum(1), scored.sum(1)


def train(options, train_rows, test_rows, tokens):
    torch.manual_seed(options.seed)
    model = Text(tokens, train_rows.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=options.learning_rate, fused=True)
    for epoch in range(1, options.epochs + 1):
        started = time.perf_counter()
        for rows in torch.randperm(len(train_rows)).split(options.batch_size):
            optimizer.zero_grad()
            model.loss(train_rows[rows], options.minimum, options.micro_batch)[0].backward()
            optimizer.step()
        seconds = time.perf_counter() - started
        with torch.no_grad():
            parts = [model.loss(rows, 0.0, len(rows))[1:] for rows in test_rows.split(256)]
        reconstruction, kl, scored = (torch.cat(part).mean().item() for part in zip(*parts))
        line = {"testLoss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}
        line["bitsPerCharacter"] = (reconstruction + kl) / scored / math.log(2)
        line["linesPerSec"] = len(train_rows) / seconds
        print(json.dumps({"epoch": epoch, **line}), flush=True)


def ngrams(train_rows, test_rows, tokens, most):
    """Counts of each length, each smoothed with the shorter one's: Witten, Bell (1991)."""

    def grams(rows, n):
        for row in rows.tolist():
            line = [*row, 0]
            line = line[: line.index(0) + 1][: len(row)]
            padded = [0] * (n - 1) + line
            yield from (tuple(padded[i : i + n]) for i in range(len(line)))

    shorter = collections.defaultdict(lambda: 1 / tokens)
    for n in range(1, most + 1):
        counts = collections.Counter(grams(train_rows, n))
        total, kinds = collections.Counter(), collections.Counter()
        for gram, count in counts.items():
            total[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        below, sums, followers, seen = shorter, total, kinds, counts

        class Probabilities(dict):
            def __missing__(self, gram, n=n, below=below, sums=sums, followers=followers, seen=seen):
                context = gram[:-1]
                less = below[gram[1:]] if n > 1 else 1 / tokens
                mass = sums[context] + followers[context]
                p = (seen[gram] + followers[context] * less) / mass if mass else less
                self[gram] = p
                return p

        shorter = Probabilities()
        logs = [-math.log2(shorter[gram]) for gram in grams(test_rows, n)]
        print(json.dumps({"n": n, "bitsPerCharacter": sum(logs) / len(logs)}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--micro-batch", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--minimum", type=float, default=0.25)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ngrams", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    lines = lines_of(options.train)
    vocabulary = sorted(set("".join(lines)))
    steps = max(map(len, lines)) + 1
    rows = tokens_of(lines, vocabulary, steps)
    test_rows = tokens_of(lines_of(options.test), vocabulary, steps)
    if options.ngrams:
        ngrams(rows, test_rows, len(vocabulary) + 2, options.ngrams)
    else:
        train(options, rows, test_rows, len(vocabulary) + 2)


if __name__ == "__main__":
    main()
