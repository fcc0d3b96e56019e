import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkExamplePath } from './exampleFile.ts';

it('sound as samples is written as sound, and has no picture', () => {
  const raw = { kind: 'audio', features: 'raw' } as const;
  checkExamplePath(join(tmpdir(), 'raw.wav'), raw);
  checkExamplePath(join(tmpdir(), 'mel.png'), { ...raw, features: 'mel' });
  const draw = (): void => checkExamplePath(join(tmpdir(), 'raw.png'), raw);
  expect(draw).toThrow(/ends in \.wav, since the run is of raw sound, which has no picture/);
});
