"""Negative ELBOs of a table's rows by PyTorch, on all cores: the preset `tabular` with weights of its own
(what they are changes no speed), the file read by Python's csv module. Prints one line of JSON.

    python scoreRows.py FILE.csv
"""

import csv
import json
import math
import os
import sys
import time

import torch
from torch import nn

HIDDEN, LATENT = 128, 8


def read(path):
    """Standardised numbers, codes of categories, and how many categories each column has."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        first = next(rows)
        numeric = []
        for column, text in enumerate(first):
            try:
                float(text)
                numeric.append(column)
            except ValueError:
                pass
        others = [column for column in range(len(first)) if column not in numeric]
        codes = {column: {} for column in others}
        values = []
        while first is not None:
            values.append(
                [float(first[c]) for c in numeric]
                + [codes[c].setdefault(first[c], len(codes[c])) for c in others]
            )
            first = next(rows, None)
    x = torch.tensor(values, dtype=torch.float32)
    numbers = x[:, : len(numeric)]
    numbers = (numbers - numbers.mean(0)) / numbers.std(0)
    x[:, : len(numeric)] = numbers
    return x, len(numeric), [len(codes[c]) for c in others]


class Tabular(nn.Module):
    def __init__(self, numbers, categories):
        super().__init__()
        self.numbers, self.categories = numbers, categories
        width = numbers + sum(categories)
        self.encoder = nn.Sequential(
            nn.Linear(width, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, 2 * LATENT),
        )
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, width),
        )
        self.log_scale = nn.Parameter(torch.zeros(numbers))

    def forward(self, x):
        """x: [B, numbers + categorical columns] -> [B]"""
        n = self.numbers
        values, codes = x[:, :n], x[:, n:].long()
        inputs = [values]
        for column, count in enumerate(self.categories):
            inputs.append(nn.functional.one_hot(codes[:, column], count).float())
        mean, log_variance = self.encoder(torch.cat(inputs, 1)).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        output = self.decoder(z)
        scale = 0.1 + nn.functional.softplus(self.log_scale)
        away = (values - output[:, :n]) / scale
        loss = (0.5 * away * away + torch.log(scale) + 0.5 * math.log(2 * math.pi)).sum(1)
        at = n
        for column, count in enumerate(self.categories):
            logits = output[:, at : at + count]
            loss = loss + nn.functional.cross_entropy(logits, codes[:, column], reduction="none")
            at += count
        kl = 0.5 * (mean * mean + torch.exp(log_variance) - 1 - log_variance).sum(1)
        return loss + kl


@torch.inference_mode()
def score(model, x, batch_size):
    losses = torch.empty(len(x))
    for first in range(0, len(x), batch_size):
        losses[first : first + batch_size] = model(x[first : first + batch_size])
    return losses


def ready():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def score_part(job):
    """Its seconds of processor time."""
    started = time.process_time()
    score(*job)
    return time.process_time() - started


def best(model, x):
    """All that were tried, as seconds, seconds of processor time, and how, the fastest first: a process on each
    core, there already, each of one thread; and one process with a thread on each core."""
    cores = len(os.sched_getaffinity(0))
    found = []
    rows = x.share_memory_().chunk(cores)
    with torch.multiprocessing.get_context("fork").Pool(cores, ready) as pool:
        for batch_size in (1024, 4096, 16384):
            pool.map(score_part, [(model, part[:batch_size], batch_size) for part in rows], 1)
            started = time.perf_counter()
            cpu = sum(pool.map(score_part, [(model, part, batch_size) for part in rows], 1))
            seconds = time.perf_counter() - started
            found.append((seconds, cpu, f"{cores} processes, batches of {batch_size}"))
    # A tenth of the rows tells its speed: where the cores have other work, it takes minutes for all.
    torch.set_num_threads(cores)
    some = x[: len(x) // 10]
    for batch_size in (4096, 16384):
        score(model, some[:batch_size], batch_size)
        started = time.perf_counter()
        cpu = 10 * score_part((model, some, batch_size))
        seconds = 10 * (time.perf_counter() - started)
        found.append((seconds, cpu, f"{cores} threads, batches of {batch_size}"))
    return sorted(found)


def main():
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    started = time.perf_counter()
    x, numbers, categories = read(sys.argv[1])
    read_seconds = time.perf_counter() - started
    model = Tabular(numbers, categories)
    tried = best(model, x)
    seconds, _, how = tried[0]
    print(
        json.dumps(
            {
                "readSeconds": read_seconds,
                "computeSeconds": seconds,
                "cpuSeconds": min(cpu for _, cpu, _ in tried),
                "how": how,
            }
        )
    )


main()
