/**
 * How many requests `lockstep serve` answers in a second, and how long they take: `encode` of one image of
 * `mlp` in a request, by so many clients at once, each of which asks again when it is answered. Clients are a
 * process of their own. Writes docs/benchmarks/serve.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockstep, root } from './lockstep.mjs';
import { table } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '1,16,64' },
    seconds: { type: 'string', default: '5' },
    engine: { type: 'string', default: 'auto' },
    out: { type: 'string', default: join(root, 'docs/benchmarks/serve.md') },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const image = Array.from({ length: 28 }, (_, y) =>
  Array.from({ length: 28 }, (_, x) => [((y * 31 + x * 7) % 256) / 255]),
);
const body = JSON.stringify({ inputs: [image] });

/**
 * @param {string} url
 * @param {Agent} agent
 * @returns {Promise<number>} milliseconds
 */
function ask(url, agent) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const call = request(`${url}/encode`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - start);
        else reject(new Error(`status ${String(answer.statusCode)}`));
      });
    });
    call.on('error', reject).end(body);
  });
}

/**
 * @param {string} url
 * @param {number} clients
 * @param {number} seconds
 */
async function load(url, clients, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const end = performance.now() + 1000 * seconds;
  /** @type {number[]} */
  const times = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) times.push(await ask(url, agent));
    }),
  );
  const perSec = (1000 * times.length) / (performance.now() - start);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => times[Math.floor(share * (times.length - 1))] ?? NaN;
  return { perSec, p50: at(0.5), p99: at(0.99), most: at(1) };
}

const run = join(folder, 'run');
await lockstep(['train', '--preset', 'mlp', '--steps', '50', '--out', run]);
const bin = join(root, 'apps/coordinator/bin/lockstep.js');
const args = ['serve', run, '--port', '0', '--json', '--engine', options.engine];
const server = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
const [first] = /** @type {[Buffer]} */ (await once(server.stdout, 'data'));
const { url } = /** @type {{ url: string }} */ (JSON.parse(first.toString()));
const seconds = Number(options.seconds);
const rows = [];
await load(url, 16, 1);
for (const clients of options.clients.split(',').map(Number)) {
  const { perSec, p50, p99, most } = await load(url, clients, seconds);
  const ms = [p50, p99, most].map((value) => value.toFixed(1));
  rows.push([String(clients), Math.round(perSec).toLocaleString('en'), ...ms]);
}
server.kill('SIGINT');
await once(server, 'close');

const text = table(['clients', 'requests/s', 'median, ms', 'p99, ms', 'longest, ms'], rows);
console.log(text);
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads`;
const loads = loadavg().map((value) => value.toFixed(1));
writeFileSync(
  options.out,
  `# Serving: requests per second

\`encode\` of one 28x28 image of preset \`mlp\` in each request (nested lists, ${body.length.toLocaleString('en')} bytes of JSON), by so
many clients at once over connections that stay open, each asking again when it is answered. One server process with
its defaults (batches of at most 16, 2 ms for others to join), the clients in another process of the same machine.

${text}

${seconds} seconds each after a second to warm up. ${machine}; Node ${process.versions.node}; load average at the end ${loads.join(', ')}: what
else runs on the machine lengthens p99 above all.

\`\`\`sh
npm run serve -w @lockstep/bench
\`\`\`
`,
);
