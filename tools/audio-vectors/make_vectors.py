"""Test vectors for packages/data: librosa's mel scales and mel spectrograms in decibels.

    pip install numpy librosa
    python tools/audio-vectors/make_vectors.py

writes vectors.json beside this file. The signal is made of integers, so that a test can make it again.
"""

import json
import pathlib

import librosa
import numpy as np

SAMPLES = 1024
SETTINGS = {"sampleRate": 8000, "fftSize": 128, "hop": 64, "mels": 16}
RANGES = [(0, 4000, "slaney"), (0, 4000, "htk"), (100, 3500, "slaney")]


def signal():
    n = np.arange(SAMPLES)
    return ((7 * n * n + 13 * n) % 101 - 50) / 100 * (SAMPLES - n) / SAMPLES


def rounded(values, digits=10):
    return [float(f"{value:.{digits}g}") for value in np.asarray(values, dtype=np.float64).ravel()]


def spectrogram(lowest, highest, scale):
    """[frames, mels], less librosa's last frame, which is centered on the end."""
    energies = librosa.feature.melspectrogram(
        y=signal(),
        sr=SETTINGS["sampleRate"],
        n_fft=SETTINGS["fftSize"],
        hop_length=SETTINGS["hop"],
        n_mels=SETTINGS["mels"],
        fmin=lowest,
        fmax=highest,
        htk=scale == "htk",
        center=True,
        pad_mode="constant",
        dtype=np.float64,
    )
    decibels = librosa.power_to_db(energies, ref=1.0, amin=1e-10, top_db=None)
    return {
        "lowestHz": lowest,
        "highestHz": highest,
        "melScale": scale,
        "decibels": rounded(decibels[:, : SAMPLES // SETTINGS["hop"]].T, 9),
    }


def scale(name):
    hz = [0, 123.4, 999, 1000, 1001, 4567.8, 22050]
    return {"name": name, "hz": hz, "mels": rounded(librosa.hz_to_mel(hz, htk=name == "htk"))}


vectors = {
    "samples": SAMPLES,
    **SETTINGS,
    "scales": [scale("slaney"), scale("htk")],
    "spectrograms": [spectrogram(*each) for each in RANGES],
}
path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps(vectors) + "\n")
