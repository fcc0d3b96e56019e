import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkFiles, type NamedFile } from './checkFiles.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-names-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
writeFileSync(at('there.csv'), '');
linkSync(at('there.csv'), at('link.csv'));

const plots = (plot: string, klPlot: string): NamedFile[] => [
  { path: undefined, where: '--out' },
  { path: plot, where: '--plot' },
  { path: klPlot, where: '--kl-plot' },
];

it('files of their own are taken', () => {
  checkFiles(plots(at('a.svg'), at('b.svg')), [at('there.csv'), 'mnist', undefined]);
});

it.each([
  ['by the same path', at('a.svg'), at('a.svg')],
  ['by another path', at('a.svg'), relative('.', at('a.svg'))],
  ['by another name', at('there.csv'), at('link.csv')],
])('one file is not written twice: %s', (_, plot, klPlot) => {
  expect(() => checkFiles(plots(plot, klPlot), [])).toThrow(
    expect.objectContaining({
      code: 'CONFIG_SAME_OUTPUT',
      where: '--kl-plot',
      expected: 'another file than that of --plot',
    }),
  );
});

it('nothing that is read is written', () => {
  expect(() => checkFiles(plots(at('a.svg'), at('link.csv')), [at('there.csv')])).toThrow(
    expect.objectContaining({ code: 'CONFIG_OUT_IS_INPUT', where: '--kl-plot' }),
  );
});
