/**
 * Scores all rows of a table by a trained run, once from the file and three times from what that left open,
 * and prints how long it took, of the three the fastest:
 *
 *   node scoreRows.mjs RUN table:FILE
 */
import { performance } from 'node:perf_hooks';
import { openTrained } from '@lockstep/trainer';

const [run = '', source = ''] = process.argv.slice(2);
const workerEntry = new URL('../../../apps/gpu-worker/dist/index.js', import.meta.url);
const trained = await openTrained(run, { workerEntry });
const seconds = (/** @type {number} */ since) => (performance.now() - since) / 1000;
try {
  const opening = performance.now();
  const data = await trained.open(source);
  const openSeconds = seconds(opening);
  let sum = 0;
  const pass = async () => {
    sum = 0;
    const started = performance.now();
    const before = process.cpuUsage();
    await trained.map('negativeElbo', data, {
      pieceRows: 65536,
      onRows: ({ loss }) => {
        for (const value of loss?.data ?? []) sum += value;
      },
    });
    const { user, system } = process.cpuUsage(before);
    return { wall: seconds(started), cpu: (user + system) / 1e6 };
  };
  const { wall: firstSeconds } = await pass();
  const again = [await pass(), await pass(), await pass()];
  const againSeconds = Math.min(...again.map(({ wall }) => wall));
  const cpuSeconds = Math.min(...again.map(({ cpu }) => cpu));
  const peakMib = process.resourceUsage().maxRSS / 1024;
  const mean = sum / data.info.count;
  console.log(
    JSON.stringify({ openSeconds, firstSeconds, againSeconds, cpuSeconds, peakMib, mean }),
  );
} finally {
  await trained.close();
}
