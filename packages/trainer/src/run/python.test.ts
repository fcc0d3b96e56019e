/** Python's own readers open what a run writes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCheckpoint } from './checkpointFolder.ts';
import { encodePng, imageGrid } from './imageGrid.ts';
import { openTensorboard } from './tensorboard.ts';
import { exampleCheckpoint } from './testing/examples.ts';
import { requirePython, runPython } from './testing/python.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

const READ_CHECKPOINT = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as f:
    tensors = {k: f.get_tensor(k) for k in f.keys()}
    print(json.dumps({
        "metadata": f.metadata(),
        "tensors": {k: [str(t.dtype), list(t.shape), t.tobytes().hex()] for k, t in tensors.items()},
    }))
`;

const READ_EVENTS = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], purge_orphaned_data=True)
events.Reload()
print(json.dumps({
    "version": events.file_version,
    "scalars": {t: [[e.wall_time, e.step, e.value] for e in events.Scalars(t)]
                for t in events.Tags()["scalars"]},
    "images": {t: [[e.step, e.width, e.height, e.encoded_image_string.hex()] for e in events.Images(t)]
               for t in events.Tags()["images"]},
}))
`;

describe('safetensors in Python', () => {
  it('reads a checkpoint', async (context) => {
    requirePython(context, 'safetensors.numpy');
    const checkpoint = exampleCheckpoint();
    const path = await writeCheckpoint(folder, checkpoint, 1);
    const groups = { param: checkpoint.parameters };
    for (const [moment, list] of Object.entries(checkpoint.moments)) {
      Object.assign(groups, { [`moment/${moment}`]: list });
    }
    const tensors = Object.entries(groups).flatMap(([group, list]) =>
      list.map(({ name, shape, data }) => [
        `${group}/${name}`,
        ['float32', shape, Buffer.from(data.buffer).toString('hex')],
      ]),
    );
    const read = runPython(READ_CHECKPOINT, path);
    expect(read).toHaveProperty('tensors', Object.fromEntries(tensors));
    expect(read).toMatchObject({ metadata: { model: 'mlp', format: 'lockstep-checkpoint-1' } });
  });
});

describe('TensorBoard in Python', () => {
  it('reads scalars and images, and forgets what a resumed run does again', async (context) => {
    requirePython(context, 'tensorboard.backend.event_processing.event_accumulator');
    const image = await encodePng(
      imageGrid({ data: new Float32Array(3 * 4 * 5 * 3).fill(0.5), shape: [3, 4, 5, 3] }),
    );
    const first = openTensorboard(folder, { now: () => 1_700_000_000_250 });
    first.scalars(1, { 'train/loss': 0.5, 'train/kl': 2 });
    first.flush();
    first.scalars(300, { 'train/loss': 0.25 });
    first.scalars(301, { 'train/loss': 99 });
    first.image(300, 'samples', image);
    first.close();
    const second = openTensorboard(folder, { now: () => 1_700_000_000_500, resumedStep: 300 });
    second.scalars(2 ** 40, { 'train/loss': 0.125 });
    second.close();

    const png = Buffer.from(image.png).toString('hex');
    expect(runPython(READ_EVENTS, folder)).toEqual({
      version: 2,
      scalars: {
        'train/loss': [
          [1_700_000_000.25, 1, 0.5],
          [1_700_000_000.25, 300, 0.25],
          [1_700_000_000.5, 2 ** 40, 0.125],
        ],
        'train/kl': [[1_700_000_000.25, 1, 2]],
      },
      images: { samples: [[300, image.width, image.height, png]] },
    });
  });
});
