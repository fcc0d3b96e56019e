import { expect, test } from 'vitest';
import { probeEngines } from './probeEngines.ts';
import type { EngineDescription } from '../describeEngines.ts';

const entry = new URL('./testing/badEngine.mjs', import.meta.url);

async function probe(how: string, timeoutMs?: number): Promise<EngineDescription | undefined> {
  const options = timeoutMs === undefined ? { entry } : { entry, timeoutMs };
  for await (const description of probeEngines([how], options)) return description;
  return undefined;
}

test.each([
  ['crashes', 'its process was ended by SIGSEGV, after it wrote: undefined symbol: TF_Version'],
  ['exits', 'its process ended with exit code 7, after it wrote: undefined symbol: TF_Version'],
])('an engine that %s is described, with its last words', async (how, reason) => {
  expect(await probe(how)).toEqual({ name: how, works: false, reason });
});

test('an engine that hangs is given up', async () => {
  expect(await probe('hangs', 1500)).toMatchObject({
    works: false,
    reason: expect.stringContaining('did not answer within 1.5 s') as string,
  });
});

test('an engine that crashes as it is taken down works', async () => {
  expect(await probe('works, then crashes')).toMatchObject({ works: true, version: 'x 1.0.0' });
});

test('engines are asked in turn', async () => {
  const names: string[] = [];
  for await (const { name, works } of probeEngines(['eager:cpu', 'tpu'])) {
    names.push(name);
    expect(works).toBe(name === 'eager:cpu');
  }
  expect(names).toEqual(['eager:cpu', 'tpu']);
});
