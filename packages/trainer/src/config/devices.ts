/** What `--devices` says: `cpu*4,cuda:0,webgpu` is a worker on each of six devices. */
import { MAX_WORKERS } from '@lockstep/collective';
import { deviceKinds } from '@lockstep/engine';
import { ConfigError } from '../errors.ts';
import { describe } from './describe.ts';

/** All cores are one device to us, and of WebGPU's adapters the system says which is to be used. */
const HIGHEST_INDEX: Readonly<Record<string, number>> = { cpu: 0, webgpu: 0 };

const ENTRY = /^([a-z]+)(?::(\d+))?(?:\*(\d+))?$/;

/** A device for each worker: `cpu`, `cuda:0`, `webgpu:0`. */
export function parseDevices(text: string, where: string): string[] {
  const devices = text.split(',').flatMap((part) => {
    const [, kind = '', index, times = '1'] = ENTRY.exec(part.trim()) ?? [];
    if (!deviceKinds.includes(kind) || Number(index ?? 0) > (HIGHEST_INDEX[kind] ?? Infinity)) {
      throw refused(where, `cpu, webgpu:0, cuda:0, cuda:1 ..., each with *N for N workers`, part);
    }
    const device = kind === 'cpu' ? kind : `${kind}:${Number(index ?? 0)}`;
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
