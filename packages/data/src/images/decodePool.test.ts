import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDecodePool } from './decodePool.ts';
import type { DecodeTask } from './decodeTask.ts';

/** Images that are not there: enough for `tasks` tasks. */
function missing(tasks: number): DecodeTask {
  const files = Array.from({ length: 32 * tasks }, (_, i) => `/nowhere/${String(i)}.png`);
  return {
    files,
    shape: [1, 1, 1],
    reference: { path: 'none', size: undefined, greyOnly: false, isTrained: false },
    target: new Uint8Array(new SharedArrayBuffer(files.length)),
  };
}

async function decodeInPool(job: DecodeTask): Promise<void> {
  const pool = openDecodePool();
  try {
    await pool.decode(job);
  } finally {
    await pool.close();
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the decoding threads, where the first image already fails', () => {
  it('are not ended while they load: that aborts the whole process, now and then', async () => {
    const { postMessage, terminate } = Worker.prototype;
    const loading = new Set<Worker>();
    let [ended, endedEarly] = [0, 0];
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
      this: Worker,
      ...message: Parameters<typeof postMessage>
    ) {
      // What a thread is told first; what it says first is that it has loaded.
      loading.add(this);
      this.once('message', () => loading.delete(this));
      return postMessage.apply(this, message);
    });
    vi.spyOn(Worker.prototype, 'terminate').mockImplementation(function (this: Worker) {
      ended += 1;
      if (loading.has(this)) endedEarly += 1;
      return terminate.call(this);
    });
    await expect(decodeInPool(missing(64))).rejects.toThrow('/nowhere/0.png');
    expect(ended).toBeGreaterThan(0);
    expect(endedEarly).toBe(0);
  });

  it('are given no more of it, and the error is that of the first image', async () => {
    for (let i = 0; i < 3; i++) {
      await expect(decodeInPool(missing(9))).rejects.toThrow('/nowhere/0.png');
    }
  });
});
