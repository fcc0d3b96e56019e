"""The peer of step.mjs: the same two models in PyTorch, eager, one thread.

Reads lines `MODEL M WHAT COUNT` and answers each with COUNT times in microseconds, separated by
spaces. WHAT is `gradients` (forward and backward) or `step` (and fused Adam).
"""

import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_flush_denormal(True)
torch.manual_seed(0)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent = 20
        self.encoder = nn.Linear(784, 400)
        self.mu, self.log_var = nn.Linear(400, 20), nn.Linear(400, 20)
        self.decoder, self.output = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, x, eps):
        h = F.relu(self.encoder(x.flatten(1)))
        mu, log_var = self.mu(h), self.log_var(h)
        z = mu + torch.exp(0.5 * log_var) * eps
        return self.output(F.relu(self.decoder(z))), mu, log_var


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent = 2
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, 2, 1), nn.Conv2d(32, 64, 3, 2, 1)
        self.mu, self.log_var = nn.Linear(3136, 2), nn.Linear(3136, 2)
        self.dense = nn.Linear(2, 3136)
        self.up1 = nn.ConvTranspose2d(64, 32, 3, 2, 1, 1)
        self.up2 = nn.ConvTranspose2d(32, 1, 3, 2, 1, 1)
        # PyTorch's faster layout on CPU.
        self.to(memory_format=torch.channels_last)

    def forward(self, x, eps):
        h = F.relu(self.conv2(F.relu(self.conv1(x)))).flatten(1)
        mu, log_var = self.mu(h), self.log_var(h)
        z = mu + torch.exp(0.5 * log_var) * eps
        image = F.relu(self.dense(z)).view(-1, 64, 7, 7)
        image = image.contiguous(memory_format=torch.channels_last)
        return self.up2(F.relu(self.up1(image))), mu, log_var


def make(name, m):
    model = {"mlp": Mlp, "conv": Conv}[name]()
    x, eps = torch.rand(m, 1, 28, 28), torch.randn(m, model.latent)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def gradients():
        logits, mu, log_var = model(x, eps)
        loss = F.binary_cross_entropy_with_logits(logits.flatten(1), x.flatten(1), reduction="sum")
        loss = loss - 0.5 * torch.sum(1 + log_var - mu * mu - log_var.exp())
        optimizer.zero_grad(set_to_none=True)
        (loss / m).backward()

    def step():
        gradients()
        optimizer.step()

    return {"gradients": gradients, "step": step}


made = {}
for line in sys.stdin:
    name, m, what, count = line.split()
    if (name, m) not in made:
        made[name, m] = make(name, int(m))
    run = made[name, m][what]
    times = []
    for _ in range(int(count)):
        start = time.perf_counter()
        run()
        times.append(f"{(time.perf_counter() - start) * 1e6:.1f}")
    print(" ".join(times), flush=True)
