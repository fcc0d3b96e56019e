"""Trains with PyTorch and says how fast: a peer of `lockstep train`.

    python speed.py --network mlp --data train.npy --batch-size 128 --processes 1 [--compile]

Lines of JSON: one when it is ready, then one for each line {"steps": n} on standard input, until that
ends. One thread a process, fused Adam, denormals flushed. The data lie in memory as uint8; gathering
the batch's rows, scaling them to [0, 1] and drawing the noise are part of the step, as in ours. With
more than one process: DistributedDataParallel over gloo, gradients as bucket views. `--batch-size` is
global. Convolutions run in the memory format that a few steps of each show to be the faster.
"""

import argparse
import json
import math
import os
import socket
import sys
import time
import warnings

import numpy
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.utils.flop_counter import FlopCounterMode

from networks import NETWORKS, negative_elbo

FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


class Objective(torch.nn.Module):
    """uint8 images [B, D] and noise [B, L] to the mean loss."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pixels, eps):
        x = pixels.float() * (1 / 255)
        logits, mu, log_var = self.network(x, eps)
        return sum(negative_elbo(logits, x, mu, log_var)) / len(x)


class Trainer:
    def __init__(self, rank, options):
        torch.manual_seed(0)
        self.rank, self.processes = rank, options.processes
        self.local = options.batch_size // options.processes
        self.data = torch.from_numpy(numpy.load(options.data)).flatten(1)  # [N, D]
        self.network = NETWORKS[options.network]()
        self.objective = self.model = Objective(self.network)
        self.order, self.position = torch.empty(0, dtype=torch.int64), 0
        self.memory_format = self.choose_memory_format()
        if self.processes > 1:
            self.model = torch.nn.parallel.DistributedDataParallel(
                self.objective, gradient_as_bucket_view=True, static_graph=True
            )
        if options.compile:
            self.model = torch.compile(self.model)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-4, fused=True)
        torch.manual_seed(rank)

    def batch(self):
        if self.position + self.local > len(self.order):
            # Each process shuffles its own share, as DistributedSampler does.
            share = torch.arange(self.rank, len(self.data), self.processes)
            self.order, self.position = share[torch.randperm(len(share))], 0
        rows = self.order[self.position : self.position + self.local]
        self.position += self.local
        return self.data[rows], torch.randn(self.local, self.network.latent_dim)

    def run(self, steps):
        """Images a second, over all processes."""
        started = time.perf_counter()
        for _ in range(steps):
            self.optimizer.zero_grad()
            loss = self.model(*self.batch())
            loss.backward()
            self.optimizer.step()
        if not torch.isfinite(loss):
            raise SystemExit("the loss is not finite")
        if self.processes > 1:
            dist.barrier()
        return steps * self.local * self.processes / (time.perf_counter() - started)

    def choose_memory_format(self):
        """Before DDP lays out its buckets: forward and backward of this process's share alone."""
        if not hasattr(self.network, "memory_format"):
            return None
        seconds = dict.fromkeys(FORMATS, math.inf)
        for _ in range(4):
            for name in FORMATS:
                self.set_memory_format(name)
                self.objective(*self.batch()).backward()
                started = time.perf_counter()
                self.objective(*self.batch()).backward()
                seconds[name] = min(seconds[name], time.perf_counter() - started)
        best = torch.tensor(list(FORMATS).index(min(seconds, key=seconds.get)))
        if self.processes > 1:
            dist.broadcast(best, 0)
        name = list(FORMATS)[best]
        self.set_memory_format(name)
        return name

    def set_memory_format(self, name):
        self.network.zero_grad()
        self.network.memory_format = FORMATS[name]
        self.network.to(memory_format=FORMATS[name])

    def flops_per_image(self):
        """Of matrix products and convolutions, forward and backward."""
        pixels, eps = self.batch()
        with FlopCounterMode(display=False) as counter:
            self.objective(pixels, eps).backward()
        return counter.get_total_flops() / len(pixels)


def commands(rank, processes):
    """How many steps to run, each time; the first process reads them and tells the others."""
    lines = iter(sys.stdin) if rank == 0 else None
    while True:
        line = next(lines, None) if lines else None
        steps = torch.tensor(json.loads(line)["steps"] if line else 0)
        if processes > 1:
            dist.broadcast(steps, 0)
        if steps == 0:
            return
        yield int(steps)


def say(message):
    print(json.dumps(message), flush=True)


def serve(rank, options, port):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if options.processes > 1:
        method = f"tcp://127.0.0.1:{port}"
        dist.init_process_group("gloo", method, rank=rank, world_size=options.processes)
    trainer = Trainer(rank, options)
    ready = {"ready": True}
    if options.processes == 1:
        ready["flopsPerImage"] = trainer.flops_per_image()
    if trainer.memory_format:
        ready["note"] = trainer.memory_format
    if rank == 0:
        say(ready)
    for steps in commands(rank, options.processes):
        examples_per_sec = trainer.run(steps)
        if rank == 0:
            say({"examplesPerSec": examples_per_sec})
    if options.processes > 1:
        dist.destroy_process_group()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", choices=NETWORKS, required=True)
    parser.add_argument("--data", required=True, help="uint8 images, [N, ...] in an NPY file")
    parser.add_argument("--batch-size", type=int, required=True, help="global")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    context = mp.get_context("spawn")
    port = free_port()
    for rank in range(1, options.processes):
        context.Process(target=serve, args=(rank, options, port), daemon=True).start()
    serve(0, options, port)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    main()
