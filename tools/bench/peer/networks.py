"""The `mlp` and `conv` presets' networks and models/largeConv.ts in PyTorch, and the loss they share.

Shapes: B examples, L latent dimensions. Images enter and leave flat and channels last, [B, H * W * C],
values in [0, 1].
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


class ConvVae(nn.Module):
    """Convolutions 3x3 of stride 2, their mirror image, and dense layers between.

    `same` pads as TensorFlow does: nothing before and one row or column after. PyTorch would have to
    copy the image for that; without it the pad is on the other side, which is its own, and faster, way.
    The arithmetic is the same.
    """

    def __init__(self, shape, filters, latent_dim, same=False):
        super().__init__()
        self.height, self.width, self.channels = shape
        self.latent_dim = latent_dim
        self.same = same
        self.memory_format = torch.contiguous_format
        ends = list(zip([self.channels, *filters], filters))
        pad = 0 if same else 1
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=pad) for a, b in ends)
        self.deconvs = nn.ModuleList(
            nn.ConvTranspose2d(b, a, 3, stride=2, padding=pad, output_padding=pad)
            for a, b in reversed(ends)
        )
        factor = 2 ** len(filters)
        self.smallest = (filters[-1], self.height // factor, self.width // factor)
        features = self.smallest[0] * self.smallest[1] * self.smallest[2]
        self.mu = nn.Linear(features, latent_dim)
        self.log_var = nn.Linear(features, latent_dim)
        self.expand = nn.Linear(latent_dim, features)

    def encode(self, x):
        h = x.view(-1, self.height, self.width, self.channels).permute(0, 3, 1, 2)
        h = h.contiguous(memory_format=self.memory_format)
        for conv in self.convs:
            h = F.relu(conv(F.pad(h, (0, 1, 0, 1)) if self.same else h))
        h = h.flatten(1)
        return self.mu(h), self.log_var(h)

    def decode(self, z):
        h = F.relu(self.expand(z)).view(-1, *self.smallest)
        h = h.contiguous(memory_format=self.memory_format)
        for i, deconv in enumerate(self.deconvs):
            height, width = 2 * h.shape[2], 2 * h.shape[3]
            h = deconv(h)
            if self.same:
                h = h[..., :height, :width]
            if i + 1 < len(self.deconvs):
                h = F.relu(h)
        return h.permute(0, 2, 3, 1).flatten(1)

    def forward(self, x, eps):
        mu, log_var = self.encode(x)
        return self.decode(mu + eps * torch.exp(0.5 * log_var)), mu, log_var


class Conv(ConvVae):
    """28x28: 32 and 64 filters, latent 2."""

    def __init__(self, same=False):
        super().__init__((28, 28, 1), [32, 64], 2, same)


class LargeConv(ConvVae):
    """32x32x3: 64 to 512 filters, latent 256; 4.7 million parameters."""

    def __init__(self, same=False):
        super().__init__((32, 32, 3), [64, 128, 256, 512], 256, same)


NETWORKS = {"mlp": Mlp, "conv": Conv, "largeConv": LargeConv}


def negative_elbo(logits, x, mu, log_var):
    """Summed over the batch, in nats: Bernoulli likelihood, analytic KL (Kingma & Welling, app. B)."""
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kl = -0.5 * torch.sum(1 + log_var - mu * mu - log_var.exp())
    return reconstruction, kl
