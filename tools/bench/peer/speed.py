"""How many images a second PyTorch trains, steady: the peer of `lockstep train`.

    python speed.py --preset mlp --batch-size 128 --processes 1

Eager, fused Adam, one thread a process, denormals flushed. The data lie in memory as uint8; gathering
the batch's rows and scaling them to [0, 1] is part of the step, as it is in ours. With more than one
process: DistributedDataParallel over gloo, gradients as bucket views. `--batch-size` is global.
Prints one line of JSON.
"""

import argparse
import json
import os
import tempfile
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

import mnist
from networks import NETWORKS, negative_elbo


def train(rank, options, rendezvous, result):
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    network = NETWORKS[options.preset]()
    latent_dim = network.latent_dim
    model = network
    if options.processes > 1:
        dist.init_process_group(
            "gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=options.processes
        )
        model = torch.nn.parallel.DistributedDataParallel(network, gradient_as_bucket_view=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.learning_rate, fused=True)
    data = mnist.images("train")
    local = options.batch_size // options.processes
    torch.manual_seed(rank)
    order = torch.empty(0, dtype=torch.int64)
    position = 0

    def step():
        nonlocal order, position
        if position + local > len(order):
            # Each process shuffles its own share, as DistributedSampler does.
            share = torch.arange(rank, len(data), options.processes)
            order, position = share[torch.randperm(len(share))], 0
        x = data[order[position : position + local]].float().mul_(1 / 255)  # [B, 784]
        position += local
        optimizer.zero_grad()
        logits, mu, log_var = model(x, torch.randn(local, latent_dim))
        reconstruction, kl = negative_elbo(logits, x, mu, log_var)
        loss = (reconstruction + kl) / local
        loss.backward()
        optimizer.step()
        return loss

    for _ in range(options.warm_up):
        step()
    if options.processes > 1:
        dist.barrier()
    started = time.perf_counter()
    for _ in range(options.steps):
        loss = step()
    loss = loss.item()
    if options.processes > 1:
        dist.barrier()
    seconds = time.perf_counter() - started
    if rank == 0:
        result.put((options.steps * options.batch_size / seconds, loss))
    if options.processes > 1:
        dist.destroy_process_group()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", choices=NETWORKS, default="mlp")
    parser.add_argument("--batch-size", type=int, default=128, help="global")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--warm-up", type=int, default=50, help="steps before the clock starts")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    context = mp.get_context("spawn")
    result = context.SimpleQueue()
    with tempfile.TemporaryDirectory() as folder:
        rendezvous = os.path.join(folder, "rendezvous")
        processes = [
            context.Process(target=train, args=(rank, options, rendezvous, result))
            for rank in range(options.processes)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            raise SystemExit("a process failed")
    images_per_sec, loss = result.get()
    print(
        json.dumps(
            {
                "imagesPerSec": images_per_sec,
                "lastLoss": loss,
                "torch": torch.__version__,
                "preset": options.preset,
                "batchSize": options.batch_size,
                "processes": options.processes,
                "steps": options.steps,
            }
        )
    )


if __name__ == "__main__":
    main()
