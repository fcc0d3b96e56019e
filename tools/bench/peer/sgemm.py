"""The most that one thread multiplies: float32 matrix products, GFLOP/s, the best of three sizes.

Prints a line of JSON, by library.
"""

import json
import os
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy  # noqa: E402
import torch  # noqa: E402

SECONDS = 0.5


def best(multiply, convert):
    peak = 0.0
    for n in (512, 1024, 2048):
        a, b = (convert(numpy.random.rand(n, n).astype(numpy.float32)) for _ in range(2))
        multiply(a, b)
        ends = time.perf_counter() + SECONDS
        while time.perf_counter() < ends:
            started = time.perf_counter()
            multiply(a, b)
            peak = max(peak, 2 * n**3 / (time.perf_counter() - started) / 1e9)
    return round(peak, 1)


torch.set_num_threads(1)
print(
    json.dumps(
        {
            "torch": best(torch.mm, torch.from_numpy),
            "numpy": best(numpy.matmul, lambda matrix: matrix),
        }
    )
)
