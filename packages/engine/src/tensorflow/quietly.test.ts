import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** In a process of its own: it is about the whole process's stderr. */
const script = (lines: readonly string[]): string => `
  const { quietly } = await import(${JSON.stringify(new URL('../../dist/tensorflow/quietly.js', import.meta.url).href)});
  const { writeSync, readdirSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  writeSync(2, 'before\\n');
  const result = quietly((line) => line.startsWith('noise'), () => {
    for (const line of ${JSON.stringify(lines)}) writeSync(2, line + '\\n');
    return 7;
  });
  writeSync(2, 'after ' + result + '\\n');
  process.stdout.write(JSON.stringify(readdirSync(tmpdir()).filter((name) => name.startsWith('lockstep-stderr'))));`;

/** Where Node keeps an eye on file descriptors. */
const inWorker = (text: string): string => `
  const { Worker } = await import('node:worker_threads');
  new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(text)}`)}));`;

it.skipIf(process.platform === 'win32').each([
  ['the main thread', (text: string) => text],
  ['a worker', inWorker],
])('in %s: keeps noise back, and nothing else', (_where, wrap) => {
  const lines = ['noise, the first', 'an error', 'noise, the second', 'no noise'];
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', wrap(script(lines))], {
    encoding: 'utf8',
  });
  expect(child.stderr.split('\n')).toEqual(['before', lines[1], lines[3], 'after 7', '']);
  expect(child.stdout).toBe('[]');
});

it.skipIf(process.platform === 'win32')('hears all where there is no temporary folder', () => {
  const quiet = script(['noise', 'an error']).replace(/process\.stdout[^]*$/, '');
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', quiet], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: '/nowhere/at/all' },
  });
  expect(child.stderr.split('\n')).toEqual(['before', 'noise', 'an error', 'after 7', '']);
});
