"""The loss PyTorch reaches: one line of JSON per epoch.

    python loss.py --preset mlp --epochs 10
    python loss.py --preset conv --batch-size 32 --learning-rate 1e-4 --epochs 5

Loss is -ELBO in nats per example. Test: the whole test set, z sampled once per image.
"""

import argparse
import json
import time

import torch

import mnist
from networks import NETWORKS, Conv, negative_elbo


@torch.no_grad()
def evaluate(network, data, generator):
    reconstruction = kl = 0.0
    for x in data.split(1000):
        x = x.float() / 255
        logits, mu, log_var = network(x, torch.randn(len(x), network.latent_dim, generator=generator))
        parts = negative_elbo(logits, x, mu, log_var)
        reconstruction += parts[0].item()
        kl += parts[1].item()
    return reconstruction / len(data), kl / len(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", choices=["mlp", "conv"], default="mlp")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    preset = NETWORKS[options.preset]
    network = preset(same=True) if preset is Conv else preset()
    optimizer = torch.optim.Adam(network.parameters(), lr=options.learning_rate, fused=True)
    train, test = mnist.images("train"), mnist.images("t10k")
    for epoch in range(1, options.epochs + 1):
        started = time.perf_counter()
        total = 0.0
        for rows in torch.randperm(len(train)).split(options.batch_size):
            x = train[rows].float() / 255
            optimizer.zero_grad()
            logits, mu, log_var = network(x, torch.randn(len(x), network.latent_dim))
            loss = sum(negative_elbo(logits, x, mu, log_var))
            (loss / len(x)).backward()
            optimizer.step()
            total += loss.item()
        seconds = time.perf_counter() - started
        generator = torch.Generator().manual_seed(1)
        reconstruction, kl = evaluate(network, test, generator)
        print(
            json.dumps(
                {
                    "epoch": epoch,
                    "trainLoss": total / len(train),
                    "testLoss": reconstruction + kl,
                    "testRecon": reconstruction,
                    "testKl": kl,
                    "seconds": round(seconds, 1),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
