"""Trains a preset's reference in PyTorch: the loss that it reaches, or how fast it is.

    python run.py --model beta --epochs 10 --seed 0    a line of JSON an epoch
    python run.py --model beta --speed                 a line when ready, then one for each line
                                                       {"steps": n} on standard input

Bundled MNIST. Losses are means per example: over an epoch's batches as they are trained on, and over
the test images, every one seen once.
"""

import argparse
import json
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import mnist  # noqa: E402
from registry import MODELS  # noqa: E402


class Sums:
    """Of a loss and its metrics over examples."""

    def __init__(self):
        self.loss, self.metrics, self.count = 0.0, {}, 0

    def add(self, loss, metrics):
        self.loss += loss.sum().item()
        for name, values in metrics.items():
            self.metrics[name] = self.metrics.get(name, 0.0) + values.detach().sum().item()
        self.count += len(loss)

    def means(self, part):
        metrics = {name: value / self.count for name, value in self.metrics.items()}
        return {f"{part}Loss": self.loss / self.count, f"{part}Metrics": metrics}


class Training:
    def __init__(self, options):
        torch.manual_seed(options.seed)
        self.model = MODELS[options.model]()
        self.batch_size = options.batch_size or self.model.batch_size
        self.phases = self.model.phases()
        parts = getattr(self.model, "parts", ("train",))
        self.images = torch.cat([mnist.images(part) for part in parts])
        self.labels = torch.cat([mnist.labels(part) for part in parts])
        self.order, self.position = torch.empty(0, dtype=torch.int64), 0

    def batch(self):
        if self.position >= len(self.order):
            self.order, self.position = torch.randperm(len(self.images)), 0
        rows = self.order[self.position : self.position + self.batch_size]
        self.position += self.batch_size
        return self.images[rows].float() / 255, self.labels[rows]

    def step(self):
        """The first phase's loss and metrics, [B] each."""
        x, label = self.batch()
        first = None
        for loss, optimizer in self.phases:
            self.model.zero_grad()
            values, metrics = loss(x, label)
            values.mean().backward()
            optimizer.step()
            first = first or (values.detach(), metrics)
        return first

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        sums = Sums()
        images, labels = mnist.images("t10k"), mnist.labels("t10k")
        for rows in torch.arange(len(images)).split(self.batch_size):
            sums.add(*self.model.loss(images[rows].float() / 255, labels[rows]))
        self.model.train()
        return sums.means("test")


def report_losses(training, epochs):
    for epoch in range(1, epochs + 1):
        started = time.perf_counter()
        sums = Sums()
        while sums.count < len(training.images):
            sums.add(*training.step())
        seconds = round(time.perf_counter() - started, 1)
        line = {"epoch": epoch, **sums.means("train"), **training.evaluate(), "seconds": seconds}
        print(json.dumps(line), flush=True)


def serve_speed(training):
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        started = time.perf_counter()
        images = sum(len(training.step()[0]) for _ in range(steps))
        seconds = time.perf_counter() - started
        print(json.dumps({"examplesPerSec": images / seconds}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=MODELS, required=True)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    training = Training(options)
    if options.speed:
        serve_speed(training)
    else:
        report_losses(training, options.epochs)


if __name__ == "__main__":
    main()
