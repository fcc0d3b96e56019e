/** docs/models.md from what was measured. */
import { median, table } from '../report.mjs';
import { NUMBER_CASES } from './cases.mjs';

/**
 * @typedef {object} Comparison
 * @property {string} date
 * @property {number} epochs
 * @property {string[]} seeds
 * @property {Record<string, number>[]} ours test loss and metrics, one a seed
 * @property {Record<string, number>[]} theirs
 *
 * @typedef {object} Reached
 * @property {string} date
 * @property {Record<string, number[]>} reached by figure, one a seed
 * @property {Record<string, number[]>} [pytorch]
 *
 * @typedef {object} Numbers
 * @property {Record<string, Reached>} cases
 * @property {Record<string, Comparison>} presets
 */

/** @param {number} value */
const show = (value) => (Math.abs(value) < 1 ? value.toFixed(4) : value.toFixed(2));

/** @param {number[]} values */
const range = (values) => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length === 1 || least === most ? show(least) : `${show(least)} - ${show(most)}`;
};

/** The median, and from where to where if there is more to say. @param {number[]} values */
function middle(values) {
  if (values.length === 0) return '';
  const whole = range(values);
  return values.length < 3 || !whole.includes(' - ') ? whole : `${show(median(values))} (${whole})`;
}

/** @param {string[]} seeds */
const seedList = (seeds) =>
  seeds.length > 4 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(', ');

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param {number} value
 * @param {Pick<import('./cases.mjs').Figure, 'expected' | 'within' | 'rank'>} goal
 * @param {number | undefined} other of the case that it is compared with
 * @returns {{ allowed: string, holds?: boolean }}
 */
function judge(value, { expected, within, rank }, other) {
  if (rank) {
    const allowed = `${rank.is} than \`${rank.than}\``;
    if (other === undefined) return { allowed };
    return { allowed, holds: rank.is === 'lower' ? value < other : value > other };
  }
  if (expected === undefined) return { allowed: '' };
  const published = [expected].flat();
  const said = published.join(', ');
  if (within === undefined) return { allowed: said };
  const [least, most] = [Math.min(...published) - within, Math.max(...published) + within];
  return { allowed: `${said} ± ${within}`, holds: value >= least && value <= most };
}

/** @param {Numbers} numbers */
function caseRows({ cases }) {
  return NUMBER_CASES.flatMap(({ name, title, source, seeds, figures, evaluated = [] }) => {
    const measured = cases[name];
    if (measured === undefined) return [];
    /** @type {number | undefined} */
    let shown;
    return [...figures, ...evaluated].map((one, i) => {
      const { name: figure, expected, within, rank } = one;
      const values = measured.reached[figure] ?? [];
      const other = rank && cases[rank.than]?.reached[figure];
      const { allowed, holds } = judge(
        median(values),
        { expected, within, rank },
        other && median(other),
      );
      const seedsSaid = values.length === shown ? '' : seedList(seeds.slice(0, values.length));
      shown = values.length;
      const verdict = holds === undefined ? '' : holds ? 'reached' : 'missed';
      return [
        i === 0 ? title : '',
        figure,
        middle(values),
        allowed,
        verdict,
        middle(measured.pytorch?.[figure] ?? []),
        seedsSaid,
        i === 0 ? source : '',
      ];
    });
  });
}

/** @param {Numbers} numbers */
function presetRows({ presets }) {
  return Object.entries(presets).flatMap(([name, { epochs, seeds, ours, theirs }]) => {
    const keys = Object.keys(theirs[0] ?? {}).filter((key) => ours[0]?.[key] !== undefined);
    return keys.map((key, i) => {
      const of = (/** @type {Record<string, number>[]} */ runs) =>
        runs.map((run) => run[key] ?? Number.NaN);
      const [mine, peers] = [of(ours), of(theirs)];
      return [
        i === 0 ? `\`${name}\`` : '',
        i === 0 ? String(epochs) : '',
        i === 0 ? seedList(seeds) : '',
        key === 'testLoss' ? 'test loss' : key,
        range(mine),
        range(peers),
        `${((mean(mine) / mean(peers) - 1) * 100).toFixed(1)}%`,
      ];
    });
  });
}

/** @param {Numbers} numbers */
export function renderNumbers(numbers) {
  const commands = NUMBER_CASES.filter(({ name }) => numbers.cases[name]).map(
    ({ title, args, data }) =>
      `lockstep train ${args.join(' ')}${data === 'mnist' ? '' : ' --data <all 70,000 images>'}   # ${title.replaceAll('`', '')}`,
  );
  const notes = NUMBER_CASES.flatMap(({ name, note }) =>
    note && numbers.cases[name] ? [note] : [],
  );
  return `# What the presets reach

Losses are means per example over the test images, in nats unless the model's own differ, z drawn once an
image. Lowest and highest over the seeds, and their median before them; the same for any number of workers.
Made by \`npm run numbers -w @lockstep/bench -- --case NAME --preset NAME\`, which also tells where it came
from.

## Published figures

${table(['what', 'figure', 'reached', 'expected', '', 'PyTorch', 'seeds', 'source'], caseRows(numbers))}

\`\`\`sh
${commands.join('\n')}
\`\`\`

Of several seeds the median is judged. Keras's own figures are means over an epoch's batches as they are
trained on, and so are those beside them. PyTorch's are of the same model, settings and data.

${notes.join('\n\n')}

## Beside PyTorch

The same model, settings and data in PyTorch ([peer/models](../tools/bench/peer/models)); its seeds draw other
numbers. The last column compares means.

${table(['preset', 'epochs', 'seeds', 'figure', 'lockstep', 'PyTorch', ''], presetRows(numbers))}
`;
}
