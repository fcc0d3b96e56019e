/** Child processes of engines, as Linux shows them. */
import { readFileSync, readdirSync } from 'node:fs';

/** The child of an engine, by what is in its environment. */
export function childOf(engineName: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return environment.includes(`LOCKSTEP_TEST_CHILD=${engineName}`);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`${engineName} has no child`);
  return Number(found);
}

export function residentBytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
