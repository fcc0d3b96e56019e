import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** In a process of its own: it is about the whole process's stderr. */
const script = (lines: readonly string[]): string => `
  const { quietly } = await import(${JSON.stringify(new URL('../../dist/tensorflow/quietly.js', import.meta.url).href)});
  const { writeSync, readdirSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { createRequire } = await import('node:module');
  const koffi = createRequire(${JSON.stringify(import.meta.url)})('koffi');
  const libc = koffi.load(null);
  const files = { dup: libc.func('dup', 'int', ['int']), dup2: libc.func('dup2', 'int', ['int', 'int']) };
  writeSync(2, 'before\\n');
  const result = quietly(files, () => {
    for (const line of ${JSON.stringify(lines)}) writeSync(2, line + '\\n');
    return 7;
  });
  writeSync(2, 'after ' + result + '\\n');
  process.stdout.write(JSON.stringify(readdirSync(tmpdir()).filter((name) => name.startsWith('lockstep-stderr'))));`;

it.skipIf(process.platform === 'win32')('keeps log lines back, and nothing else', () => {
  const lines = [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    'I0000 00:00:1795273358.258449   19974 port.cc:153] oneDNN custom operations are on.',
    'W0000 00:00:1795273358.258449   19974 any.cc:1] so so',
    'E0000 00:00:1795273358.258449   19974 any.cc:1] bad',
    'WARNING: something else',
  ];
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script(lines)], {
    encoding: 'utf8',
  });
  expect(child.stderr.split('\n')).toEqual(['before', lines[3], lines[4], 'after 7', '']);
  expect(child.stdout).toBe('[]');
});
