/**
 * Makes the pictures of docs/which-vae.md again: runs the commands that stand there in an empty folder, as
 * they stand there, and takes the PNG files to docs/pictures. Prints what each training reached.
 *
 *   npm run pictures -w @lockstep/docs
 *   npm run pictures -w @lockstep/docs -- --only mlp,vq --workers 2
 *
 * The number of workers changes no bit of a picture.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawingCommands } from './src/pageCommands.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lockstep = join(root, 'apps/coordinator/bin/lockstep.js');
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, workers: { type: 'string' } },
});
const only = options.only?.split(',');
const sections = drawingCommands(readFileSync(join(root, 'docs/which-vae.md'), 'utf8'));
const unknown = only?.filter((name) => !sections.some(({ heading }) => heading === name)) ?? [];
if (unknown.length > 0) {
  const known = sections.map(({ heading }) => heading).join(', ');
  console.error(`--only: expected some of ${known}; got ${unknown.join(', ')}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'lockstep-pictures-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const { heading, commands } of sections) {
  if (only && !only.includes(heading)) continue;
  for (const args of commands) run(args);
  for (const file of readdirSync(join(folder, 'pictures'))) {
    copyFileSync(join(folder, 'pictures', file), join(root, 'docs/pictures', file));
  }
}

/** @param {string[]} args */
function run(args) {
  const trains = args[0] === 'train';
  const workers = trains && options.workers ? ['--workers', options.workers] : [];
  const child = spawnSync(process.execPath, [lockstep, ...args, ...workers, '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (child.status !== 0) {
    console.error(`lockstep ${args.join(' ')} failed:\n${child.stdout}${child.stderr}`);
    process.exit(1);
  }
  if (trains) console.log(`${args.join(' ')}\n  ${reached(child.stdout)}`);
}

/**
 * What a training ended with, from its JSON lines.
 * @param {string} lines
 */
function reached(lines) {
  /** @type {Record<string, unknown>} */
  const done = JSON.parse(lines.trim().split('\n').at(-1) ?? '{}');
  const shown = Object.entries(done).filter(([key]) => key.startsWith('test'));
  return JSON.stringify(Object.fromEntries(shown));
}
