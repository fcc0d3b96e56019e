import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { binaryFault } from './binaryFile.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep-binary-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, 'library');
  writeFileSync(path, bytes);
  return path;
}

/** A header whose table of sections, 4 of 64 bytes, ends where the file does. */
function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(1000);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(1000n - 4n * 64n, 0x28);
  bytes.writeUInt16LE(64, 0x3a);
  bytes.writeUInt16LE(4, 0x3c);
  return bytes;
}

function machO(cpu: number): Buffer {
  const bytes = Buffer.alloc(100);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(cpu, 4);
  return bytes;
}

const [x64, arm64] = [0x3e, 0xb7];

it.each([
  ['right', elf(x64), 'linux', 'x64', undefined],
  ['right', elf(arm64), 'linux', 'arm64', undefined],
  ['right', machO(0x0100000c), 'darwin', 'arm64', undefined],
  ['of another processor', elf(arm64), 'linux', 'x64', 'a library for another processor (arm64, not x64)'],
  ['of a processor nobody has', elf(99), 'linux', 'x64', 'a library for another processor (ELF machine 99, not x64)'],
  ['of another processor', machO(0x01000007), 'darwin', 'arm64', 'a library for another processor (x64, not arm64)'],
  ['of another system', machO(0x0100000c), 'linux', 'arm64', 'a library for another system (Mach-O, not ELF)'],
  ['of another system', elf(x64), 'win32', 'x64', 'a library for another system (ELF, not PE)'],
  ['cut short', elf(x64).subarray(0, 999), 'linux', 'x64', 'a file cut short (999 of 1000 bytes)'],
  ['cut very short', elf(x64).subarray(0, 20), 'linux', 'x64', 'a file cut short (20 bytes)'],
  ['empty', Buffer.alloc(0), 'linux', 'x64', 'a file cut short (0 bytes)'],
  ['a page of HTML', Buffer.alloc(200, '<html>'), 'linux', 'x64', 'a file that is no library'],
] as const)('a library that is %s', (_, bytes, platform, arch, fault) => {
  expect(binaryFault(fileOf(bytes), platform, arch)).toBe(fault);
}); // prettier-ignore

it('the program that runs this is fine', () => {
  expect(binaryFault(process.execPath)).toBeUndefined();
});
