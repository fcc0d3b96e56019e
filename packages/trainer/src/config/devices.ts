/** What `--devices` says: `cpu*4,cuda:0,webgpu` is a worker on each of six devices. */
import { MAX_WORKERS } from '@lockstep/collective';
import { deviceKinds } from '@lockstep/engine';
import { ConfigError } from '../errors.ts';
import { describe } from './describe.ts';

const ENTRY = /^([a-z]+)(?::(\d+))?(?:\*(\d+))?$/;

/** A device for each worker: `cpu`, `cuda:0`, `webgpu:0`. */
export function parseDevices(text: string, where: string): string[] {
  const devices = text.split(',').flatMap((part) => {
    const [, kind = '', index, times = '1'] = ENTRY.exec(part.trim()) ?? [];
    // All cores are one device to us: the system moves threads from one to the other.
    const numbered = kind !== 'cpu';
    if (!deviceKinds.includes(kind) || (!numbered && index !== undefined)) {
      throw refused(where, `cpu, cuda:0 or webgpu:0, each with *N for N workers`, part);
    }
    const device = numbered ? `${kind}:${Number(index ?? 0)}` : kind;
    return Array.from({ length: Math.min(Number(times), MAX_WORKERS + 1) }, () => device);
  });
  if (devices.length >= 1 && devices.length <= MAX_WORKERS) return devices;
  const count = devices.length === 0 ? 'none' : `more`;
  throw refused(where, `1 to ${MAX_WORKERS} workers`, `${count} (${text})`);
}

function refused(where: string, expected: string, got: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_DEVICES',
    where,
    expected,
    got: describe(got),
    fix: 'Write them as cpu*4,cuda:0,cuda:1; `lockstep doctor` lists the devices that work here.',
  });
}
