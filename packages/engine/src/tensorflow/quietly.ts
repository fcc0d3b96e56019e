/**
 * What TensorFlow tells of itself on stderr while it is loaded, before anybody can ask it not to, is
 * nothing to our users. Meanwhile stderr goes to a file, and what is no log line of this kind is written out after.
 */
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

export interface FileDescriptors {
  readonly dup: (fd: number) => number;
  readonly dup2: (from: number, to: number) => number;
}

/** As absl logs: `I0000 00:00:17.2 123 port.cc:153] ...`; information and warnings. */
const logLine = /^(?:[IW]\d{4} [\d:. ]+\S+\] |WARNING: All log messages before absl)/;

const stderr = 2;

export function quietly<T>({ dup, dup2 }: FileDescriptors, action: () => T): T {
  const path = join(tmpdir(), `lockstep-stderr-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  const saved = dup(stderr);
  dup2(file, stderr);
  try {
    return action();
  } finally {
    dup2(saved, stderr);
    closeSync(saved);
    const text = Buffer.alloc(fstatSync(file).size);
    readSync(file, text, 0, text.length, 0);
    closeSync(file);
    const rest = withoutLog(text.toString());
    if (rest !== '') writeSync(stderr, rest);
  }
}

const withoutLog = (text: string): string =>
  text
    .split(/(?<=\n)/)
    .filter((line) => !logLine.test(line))
    .join('');
