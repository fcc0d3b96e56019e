"""Spoken digits from their sound: logistic regression on MFCC, scikit-learn and librosa.

    python audio.py FOLDER

FOLDER holds `{digit}_{speaker}_{index}.wav`; indices 0-4 are the test part, as is customary for the
Free Spoken Digit Dataset. Three sets of features of each recording, all standardised by the training part:

    summary   mean and standard deviation over time of 13 MFCC and their first two differences [78]
    sequence  13 MFCC of each frame, the recording cut or ended in silence as Lockstep does it [13 * frames]
    mel       the whole scaled log-mel spectrogram that Lockstep's model is given [frames * 64]

One line of JSON each. Frames are those of Lockstep's defaults: 32 ms, every 16 ms.
"""

import json
import pathlib
import re
import sys

import librosa
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

RATE, FFT, HOP, FRAMES, MELS, MFCC = 8000, 256, 128, 48, 64, 13
NAME = re.compile(r"(\d)_([a-z]+)_(\d+)\.wav$")


def decibels(sound):
    energies = librosa.feature.melspectrogram(
        y=sound, sr=RATE, n_fft=FFT, hop_length=HOP, n_mels=MELS, pad_mode="constant"
    )
    return librosa.power_to_db(energies, ref=1.0, top_db=None)


def summary(sound):
    mfcc = librosa.feature.mfcc(S=decibels(sound), n_mfcc=MFCC)
    width = min(9, (mfcc.shape[1] - 1) // 2 * 2 + 1)
    rows = np.vstack(
        [mfcc, *(librosa.feature.delta(mfcc, order=order, width=width) for order in (1, 2))]
    )
    return np.concatenate([rows.mean(axis=1), rows.std(axis=1)])


def whole(sound):
    padded = np.zeros(FRAMES * HOP, np.float32)
    padded[: len(sound)] = sound[: len(padded)]
    return decibels(padded)[:, :FRAMES]


def main(folder):
    features = {"summary": [], "sequence": [], "mel": []}
    labels, tests = [], []
    for path in sorted(pathlib.Path(folder).glob("*.wav")):
        digit, _speaker, index = NAME.search(path.name).groups()
        sound, _rate = librosa.load(path, sr=None)
        spectrogram = whole(sound)
        features["summary"].append(summary(sound))
        features["sequence"].append(librosa.feature.mfcc(S=spectrogram, n_mfcc=MFCC).ravel())
        features["mel"].append(spectrogram.ravel())
        labels.append(int(digit))
        tests.append(int(index) < 5)
    labels, tests = np.array(labels), np.array(tests)
    loudest = max(rows.max() for rows, test in zip(features["mel"], tests) if not test)
    features["mel"] = [np.clip((rows - loudest + 80) / 80, 0, 1) for rows in features["mel"]]
    for name, rows in features.items():
        rows = np.array(rows)
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        model.fit(rows[~tests], labels[~tests])
        print(
            json.dumps(
                {
                    "features": name,
                    "dim": rows.shape[1],
                    "train": int((~tests).sum()),
                    "test": int(tests.sum()),
                    "trainAccuracy": round(model.score(rows[~tests], labels[~tests]), 4),
                    "testAccuracy": round(model.score(rows[tests], labels[tests]), 4),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1])
