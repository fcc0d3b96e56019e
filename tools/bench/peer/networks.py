"""The `mlp` and `conv` presets' networks in PyTorch, and the loss both share.

Shapes: B examples, L latent dimensions. Images enter flat, [B, 784], values in [0, 1].
"""

import torch
import torch.nn.functional as F
from torch import nn


class Mlp(nn.Module):
    """784-400-20, ReLU: Kingma & Welling 2014, as PyTorch's own example has it."""

    latent_dim = 20

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mu = nn.Linear(400, 20)
        self.log_var = nn.Linear(400, 20)
        self.expand = nn.Linear(20, 400)
        self.out = nn.Linear(400, 784)

    def encode(self, x):
        h = F.relu(self.hidden(x))
        return self.mu(h), self.log_var(h)

    def decode(self, z):
        return self.out(F.relu(self.expand(z)))

    def forward(self, x, eps):
        mu, log_var = self.encode(x)
        return self.decode(mu + eps * torch.exp(0.5 * log_var)), mu, log_var


class Conv(nn.Module):
    """28x28: conv 32 and 64 filters 3x3 stride 2, mirrored, latent 2.

    Padding is TensorFlow's `same`: nothing before and one row or column after, when the stride is 2.
    """

    latent_dim = 2

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, stride=2)
        self.conv2 = nn.Conv2d(32, 64, 3, stride=2)
        self.mu = nn.Linear(3136, 2)
        self.log_var = nn.Linear(3136, 2)
        self.expand = nn.Linear(2, 3136)
        self.deconv1 = nn.ConvTranspose2d(64, 32, 3, stride=2)
        self.deconv2 = nn.ConvTranspose2d(32, 1, 3, stride=2)

    def encode(self, x):
        h = F.relu(self.conv1(F.pad(x.view(-1, 1, 28, 28), (0, 1, 0, 1))))  # [B, 32, 14, 14]
        h = F.relu(self.conv2(F.pad(h, (0, 1, 0, 1))))  # [B, 64, 7, 7]
        h = h.flatten(1)
        return self.mu(h), self.log_var(h)

    def decode(self, z):
        h = F.relu(self.expand(z)).view(-1, 64, 7, 7)
        h = F.relu(self.deconv1(h)[..., :14, :14])  # [B, 32, 14, 14]
        return self.deconv2(h)[..., :28, :28].flatten(1)  # [B, 784]

    def forward(self, x, eps):
        mu, log_var = self.encode(x)
        return self.decode(mu + eps * torch.exp(0.5 * log_var)), mu, log_var


NETWORKS = {"mlp": Mlp, "conv": Conv}


def negative_elbo(logits, x, mu, log_var):
    """Summed over the batch, in nats: Bernoulli likelihood, analytic KL (Kingma & Welling, app. B)."""
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kl = -0.5 * torch.sum(1 + log_var - mu * mu - log_var.exp())
    return reconstruction, kl
