/**
 * What a native library's header says of it. Opening one that was cut short can end the process, and what
 * the system says of one for another processor is hard to read; so we look first.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** As Node names processors. */
const elfMachines: Readonly<Record<number, string>> = {
  0x3e: 'x64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};
const machCpus: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

const formats: Readonly<Record<string, string>> = { linux: 'ELF', darwin: 'Mach-O', win32: 'PE' };

/** What is wrong with a library for this system and processor, in words; undefined where nothing is. */
export function binaryFault(
  path: string,
  platform: string = process.platform,
  arch: string = process.arch,
): string | undefined {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(64);
    const read = readSync(file, header, 0, header.length, 0);
    const { size } = fstatSync(file);
    if (read < header.length) return `a file cut short (${size} bytes)`;
    return headerFault(header, size, platform, arch);
  } finally {
    closeSync(file);
  }
}

function headerFault(
  header: Buffer,
  size: number,
  platform: string,
  arch: string,
): string | undefined {
  const format = formatOf(header);
  if (format === undefined) return 'a file that is no library';
  const wanted = formats[platform] ?? 'ELF';
  if (format !== wanted) return `a library for another system (${format}, not ${wanted})`;
  const machine = machineOf(header, format);
  if (machine !== undefined && machine !== arch) {
    return `a library for another processor (${machine}, not ${arch})`;
  }
  return format === 'ELF' && elfEnd(header) > size
    ? `a file cut short (${size} of ${elfEnd(header)} bytes)`
    : undefined;
}

function formatOf(header: Buffer): string | undefined {
  if (header.toString('latin1', 0, 4) === '\x7fELF') return 'ELF';
  if (header.toString('latin1', 0, 2) === 'MZ') return 'PE';
  const magic = header.readUInt32LE(0);
  return magic === 0xfeedfacf || magic === 0xbebafeca ? 'Mach-O' : undefined;
}

/** Undefined where the file has code for several, or where we do not look. */
function machineOf(header: Buffer, format: string): string | undefined {
  if (format === 'ELF') {
    const machine = header.readUInt16LE(18);
    return elfMachines[machine] ?? `ELF machine ${machine}`;
  }
  if (format === 'Mach-O' && header.readUInt32LE(0) === 0xfeedfacf) {
    return machCpus[header.readUInt32LE(4)];
  }
  return undefined;
}

/** Where the table of sections ends, which linkers put last. */
const elfEnd = (header: Buffer): number =>
  Number(header.readBigUInt64LE(0x28)) + header.readUInt16LE(0x3a) * header.readUInt16LE(0x3c);
