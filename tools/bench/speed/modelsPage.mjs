/** The page of the presets' speeds: one table. */
import { count, median, spread, table } from '../report.mjs';
import { lockstepName, peerName } from './cases.mjs';
import { machineList } from './page.mjs';

/**
 * @param {import('./results.mjs').Results} results
 * @param {string[]} engines
 */
export function renderModelsPage(results, engines) {
  const columns = [...engines.map(lockstepName), peerName('reference')];
  const cells = Object.values(results.cells);
  const rows = cells.map(({ title, rows: measured }) => {
    const found = columns.map((name) => measured.find((row) => row.name === name));
    const speeds = found.map((row) =>
      row?.examplesPerSec.length ? median(row.examplesPerSec) : Number.NaN,
    );
    const peer = speeds.at(-1) ?? Number.NaN;
    const figures = found.map((row, i) =>
      row === undefined
        ? ''
        : row.examplesPerSec.length === 0
          ? 'failed'
          : `${count(speeds[i] ?? Number.NaN)} (${spread(row.examplesPerSec)})`,
    );
    const ratios = speeds
      .slice(0, -1)
      .map((speed) => (Number.isFinite(speed / peer) ? `**${(speed / peer).toFixed(2)}x**` : ''));
    return [title, String(measured[0]?.batchSize ?? ''), ...figures, ...ratios];
  });
  const head = ['preset', 'batch', ...columns, ...engines.map((engine) => `${engine} to PyTorch`)];
  const failures = cells.flatMap(({ title, rows: measured }) =>
    measured.flatMap(({ name, failed }) =>
      failed === undefined ? [] : [`- ${title}, ${name} failed: ${failed}`],
    ),
  );
  const dates = cells.map(({ date }) => date).sort();
  const loads = cells.map(({ load }) => load);
  return `# Speed of the presets against PyTorch

Images per second in steady state on MNIST, one worker and one thread, at each preset's own batch size (the
micro-batch is the batch): medians of runs in which the contenders of a row take turns, and their range.
PyTorch is a straightforward writing of the same model, with its own fused optimizer:
[peer/models](../../tools/bench/peer/models).

${table(head, rows)}

${failures.join('\n')}

${machineList(results)}

Measured from ${dates[0]?.slice(0, 16) ?? '?'} to ${dates.at(-1)?.slice(0, 16) ?? '?'} UTC; load average when a row
began: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.

\`\`\`sh
npm run bench -- --models
\`\`\`
`;
}
