/** The commands of docs/uses run as they stand there, on little data and for a few steps; the list is whole. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageCommands } from './pageCommands.mjs';
import { askServer } from './servedPage.ts';
import { smallCommand } from './smallCommand.ts';
import { makeSmallData } from './smallData.ts';

const uses = fileURLToPath(new URL('../../../docs/uses', import.meta.url));
const tools = fileURLToPath(new URL('../..', import.meta.url));
const lockstep = fileURLToPath(
  new URL('../../../apps/coordinator/bin/lockstep.js', import.meta.url),
);
const runFile = promisify(execFile);

const pages = readdirSync(uses)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => file.slice(0, -'.md'.length));
const root = mkdtempSync(join(tmpdir(), 'lockstep-uses-'));
/** Each page has a folder of its own, so that two may name a run alike. */
const folderOf = (page: string): string => join(root, page);

beforeAll(async () => {
  const made = join(root, '.made');
  await makeSmallData(made);
  // Pages name it as from the repository's root.
  cpSync(join(uses, 'nsl-kdd.yaml'), join(made, 'docs/uses/nsl-kdd.yaml'));
  for (const page of pages) cpSync(made, folderOf(page), { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

test('README lists every page', () => {
  const list = readFileSync(join(uses, 'README.md'), 'utf8');
  for (const page of pages) expect(list).toContain(`](${page}.md)`);
});

describe.concurrent.each(pages)('%s', (name) => {
  const folder = folderOf(name);
  const page = readFileSync(join(uses, `${name}.md`), 'utf8');
  const sections = pageCommands(page);
  const commands = sections.flatMap((section) => section.commands);
  const others = sections.flatMap((section) => section.others);
  const requests = others.filter((line) => line.startsWith('curl '));
  const drawn = commands.flat().filter((arg) => arg.startsWith('pictures/'));
  /** A command may draw others beside the one that it names. */
  const shown = [...page.matchAll(/!\[[^\]]+\]\((pictures\/[^)]+)\)/g)].map(
    ([, path]) => path ?? '',
  );

  test('its pictures are those that its commands draw', () => {
    expect(shown).toEqual(expect.arrayContaining(drawn));
    for (const path of shown) expect(existsSync(join(uses, path))).toBe(true);
  });

  test('what it measures by are scripts of the workspace that it names', () => {
    for (const line of others.filter((other) => !requests.includes(other))) {
      const [, script = '', workspace] = /^npm run (\S+) -w @lockstep\/(\S+)/.exec(line) ?? [];
      const about = readFileSync(join(tools, `${workspace}/package.json`), 'utf8');
      expect(JSON.parse(about)).toMatchObject({
        scripts: { [script]: expect.any(String) as string },
      });
    }
  });

  test('its commands run', { timeout: 300_000 }, async () => {
    for (const args of commands) {
      if (args[0] === 'data' && args[1] === 'get') continue; // from the network
      if (args[0] === 'serve') {
        const answers = await askServer({ args, requests, lockstep, cwd: folder });
        expect(answers).toHaveLength(1);
        continue;
      }
      const small = smallCommand(args);
      await runFile(process.execPath, [lockstep, ...small], { cwd: folder });
      const out = args[args.indexOf('--out') + 1];
      if (args.includes('--out')) expect(existsSync(join(folder, out ?? ''))).toBe(true);
    }
    for (const path of shown) expect(existsSync(join(folder, path))).toBe(true);
  });
});
