/**
 * What a native library tells of itself on stderr, before or without anybody's being able to ask it not
 * to, is nothing to our users. Meanwhile stderr goes to a file, and what is no such line is written out after.
 * Where no temporary file can be made, all is heard.
 */
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { loadKoffi } from './koffi.ts';

const stderr = 2;

/** `isNoise` sees one line at a time. Only what `action` does before it returns is quiet. */
export function quietly<T>(isNoise: (line: string) => boolean, action: () => T): T {
  // Windows has other means, which nobody has missed.
  if (process.platform === 'win32') return action();
  const file = openTemporary();
  if (file === undefined) return action();
  const { dup, dup2, close } = loadDescriptors();
  const saved = dup(stderr);
  dup2(file, stderr);
  try {
    return action();
  } finally {
    dup2(saved, stderr);
    // Not by Node: in a worker it warns of descriptors that it has not opened.
    close(saved);
    const text = Buffer.alloc(fstatSync(file).size);
    readSync(file, text, 0, text.length, 0);
    closeSync(file);
    const lines = text.toString().split(/(?<=\n)/);
    const rest = lines.filter((line) => !isNoise(line)).join('');
    if (rest !== '') writeSync(stderr, rest);
  }
}

/** A file that has no name any more; undefined where there is no room or no folder for one. */
function openTemporary(): number | undefined {
  const path = join(tmpdir(), `lockstep-stderr-${randomUUID()}`);
  try {
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return file;
  } catch {
    return undefined;
  }
}

interface Descriptors {
  readonly dup: (fd: number) => number;
  readonly dup2: (from: number, to: number) => number;
  readonly close: (fd: number) => number;
}

let descriptors: Descriptors | undefined;

function loadDescriptors(): Descriptors {
  if (descriptors) return descriptors;
  const libc = loadKoffi().load(null);
  descriptors = {
    dup: libc.func('dup', 'int', ['int']) as Descriptors['dup'],
    dup2: libc.func('dup2', 'int', ['int', 'int']) as Descriptors['dup2'],
    close: libc.func('close', 'int', ['int']) as Descriptors['close'],
  };
  return descriptors;
}
