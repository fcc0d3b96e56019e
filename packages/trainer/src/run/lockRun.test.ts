import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockRun } from './lockRun.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

const lockOf = (pid: number, host = hostname()) =>
  writeFile(join(folder, 'lock'), JSON.stringify({ pid, host }));

describe('lockRun', () => {
  it('is held until it is given free, and leaves nothing', async () => {
    const unlock = await lockRun(folder);
    await expect(lockRun(folder)).rejects.toMatchObject({ code: 'RUN_BUSY', where: folder });
    await unlock();
    await (
      await lockRun(folder)
    )();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is given to one of many that want it at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it("respects a living process's lock", async () => {
    const living = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(living, 'spawn');
      await lockOf(living.pid ?? 0);
      await expect(lockRun(folder)).rejects.toMatchObject({
        code: 'RUN_BUSY',
        got: `one that process ${living.pid} on ${hostname()} has`,
      });
    } finally {
      living.kill();
    }
  });

  it('takes over the lock of a process that is gone, one of many at once', async () => {
    await lockOf(spawnSync(process.execPath, ['-e', '']).pid);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('takes over the lock of an earlier process with the same number', async () => {
    await lockOf(process.pid);
    await lockRun(folder);
  });

  it('leaves the lock of another host alone, and says how to remove it', async () => {
    await lockOf(1, 'elsewhere');
    await expect(lockRun(folder)).rejects.toMatchObject({
      code: 'RUN_BUSY',
      got: 'one that process 1 on elsewhere has',
      fix: expect.stringContaining(`delete ${join(folder, 'lock')}`) as string,
    });
  });
});
