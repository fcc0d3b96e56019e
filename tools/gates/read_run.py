"""Opens a run folder with Python's own readers: safetensors and TensorBoard.

    python read_run.py RUN WEIGHTS_SHA256

Fails unless the newest checkpoint's parameters hash to WEIGHTS_SHA256 and the log has finite losses
and pictures.
"""

import hashlib
import math
import pathlib
import sys

from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run, expected = pathlib.Path(sys.argv[1]), sys.argv[2]

newest = sorted((run / "checkpoints").glob("step-*.safetensors"))[-1]
digest, count = hashlib.sha256(), 0
with safe_open(newest, framework="numpy") as file:
    for name in file.offset_keys():
        if name.startswith("param/"):
            tensor = file.get_tensor(name)
            assert tensor.dtype == "float32", name
            digest.update(tensor.tobytes())
            count += tensor.size
assert digest.hexdigest() == expected, f"{newest}: {digest.hexdigest()}, expected {expected}"

events = EventAccumulator(str(run))
events.Reload()
tags = events.Tags()
assert tags["scalars"] and tags["images"], tags
for tag in tags["scalars"]:
    assert all(math.isfinite(event.value) for event in events.Scalars(tag)), tag
print(f"{newest.name}: {count} parameters, the hash agrees")
print(f"TensorBoard: {', '.join(tags['scalars'])}; pictures: {', '.join(tags['images'])}")
