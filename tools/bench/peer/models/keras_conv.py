"""Keras's convolutional VAE (keras.io/examples/generative/vae), as examples/keras-vae.ts has it.

Trained on all 70,000 images. Keras adds Adam's epsilon before the bias of the second moment is taken
out, PyTorch after: at 1e-7 neither is felt.
"""

from torch import nn

from convolutional import Down, Up, xavier
from parts import adam, bernoulli, draw, kl


class KerasConv(nn.Module):
    batch_size, learning_rate, latent = 128, 1e-3, 2
    parts = ("train", "t10k")

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            *(Down(1, 32, 3), nn.ReLU(), Down(32, 64, 3), nn.ReLU()),
            *(nn.Flatten(), nn.Linear(64 * 49, 16), nn.ReLU()),
        )
        self.mu, self.log_var = nn.Linear(16, self.latent), nn.Linear(16, self.latent)
        self.decoder = nn.Sequential(
            *(nn.Linear(self.latent, 64 * 49), nn.ReLU(), nn.Unflatten(1, (64, 7, 7))),
            *(Up(64, 64, 3), nn.ReLU(), Up(64, 32, 3), nn.ReLU()),
            *(nn.ConvTranspose2d(32, 1, 3, padding=1), nn.Flatten()),
        )
        xavier(self)

    def phases(self):
        return [(self.loss, adam(self.parameters(), self.learning_rate, eps=1e-7))]

    def loss(self, x, _label):
        h = self.trunk(x.view(-1, 1, 28, 28))
        mu, log_var = self.mu(h), self.log_var(h)
        reconstruction = bernoulli(self.decoder(draw(mu, log_var)), x)
        divergence = kl(mu, log_var)
        return reconstruction + divergence, {"reconstruction": reconstruction, "kl": divergence}
