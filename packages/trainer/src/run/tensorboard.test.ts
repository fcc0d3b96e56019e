import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTensorboard } from './tensorboard.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

const now = () => 1_700_000_000_000;

async function onlyFile(): Promise<Buffer> {
  const [name = ''] = await readdir(folder);
  return readFile(join(folder, name));
}

describe('an event file', () => {
  it('starts with its version, framed and checksummed', async () => {
    openTensorboard(folder, { now }).close();
    // As TensorBoard's own RecordWriter frames its own Event at that wall time.
    expect((await onlyFile()).toString('hex')).toBe(
      '1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d',
    );
  });

  it('holds back until flushed', async () => {
    const writer = openTensorboard(folder, { now });
    expect(await onlyFile()).toHaveLength(0);
    writer.scalars(1, { loss: 1 });
    writer.flush();
    const { length } = await onlyFile();
    expect(length).toBeGreaterThan(0);
    writer.close();
    expect(await onlyFile()).toHaveLength(length);
  });

  it('has a name of its own, in order, in one second', async () => {
    for (let i = 0; i < 3; i++) openTensorboard(folder, { now }).close();
    const name = 'events.out.tfevents.1700000000.lockstep';
    expect((await readdir(folder)).sort()).toEqual([name, `${name}.2`, `${name}.3`]);
  });

  it('says so when its folder is gone', () => {
    expect(() => openTensorboard(join(folder, 'gone'), { now })).toThrow(
      expect.objectContaining({ code: 'RUN_WRITE_FAILED' }),
    );
  });
});
