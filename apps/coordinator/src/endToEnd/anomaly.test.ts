/** What `anomaly fit`, `anomaly score`, `denoise` and `inpaint` do with a finished run, and what they print. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMnistLike } from '../testing/idx.ts';
import { jsonLines, lockstep } from '../testing/lockstep.ts';

let folder: string;
let run: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-anomaly-'));
  const data = writeMnistLike(at('data'), { train: 330, test: 70 });
  run = at('run');
  const args = ['--steps', '8', '--workers', '2', '--batch-size', '100', '--quiet', '--out', run];
  const only = ['--only-labels', '0,1,2,3,4', '--validation-hold-out', '0.2'];
  const { code } = await lockstep(['train', '--data', data, ...only, ...args]);
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a threshold is fitted, and examples are scored by it', async () => {
  const threshold = at('threshold.json');
  const fit = await lockstep(['anomaly', 'fit', run, '--fpr', '0.1', '--out', threshold]);
  expect([fit.code, fit.stderr]).toEqual([0, '']);
  expect(fit.stdout).toMatch(/normal examples +\d+ of .*, validation part\n/);
  expect(fit.stdout).toMatch(/threshold +\S+ nats\n/);
  const files = ['--out', at('scores.csv'), '--plot', at('scores.svg')];
  const score = await lockstep(['anomaly', 'score', run, '--threshold', threshold, ...files]);
  expect([score.code, score.stderr]).toEqual([0, '']);
  expect(score.stdout).toMatch(/AUC +\d\.\d{4}, 95% from \d\.\d{4} to \d\.\d{4}\n/);
  expect(score.stdout).toMatch(/caught +\d+\.\d\d%\n +false alarms +\d+\.\d\d%\n/);
  expect(readFileSync(at('scores.csv'), 'utf8')).toMatch(/^example,label,score,verdict\r\n0,0,/);
  for (const name of ['scores-roc.svg', 'scores-pr.svg']) expect(existsSync(at(name))).toBe(true);
  const [result] = jsonLines(
    await lockstep(['anomaly', 'score', run, '--threshold', threshold, '--json']),
  );
  expect(result).toMatchObject({
    event: 'anomaly-scores',
    ...{ examples: 70, score: 'elbo', draws: 8, files: [] },
    measures: { normal: 35, anomalous: 35, unknown: 0 },
  });
});

test('pictures are denoised and completed', async () => {
  const denoise = await lockstep(['denoise', run, '--noise', 'salt:0.2', '--out', at('d.png')]);
  expect([denoise.code, denoise.stderr]).toEqual([0, '']);
  expect(denoise.stdout).toMatch(/PSNR, restored +\d+\.\d\d dB\n/);
  const options = ['--box', '0,0,14,28', '--steps', '3', '--examples', '5', '--out', at('i.png')];
  const [result] = jsonLines(await lockstep(['inpaint', run, ...options, '--json']));
  expect(result).toMatchObject({ event: 'inpainted', examples: 5, completions: 4, hidden: 392 });
  // The corner of a digit is black.
  const corner = [...options, '--data', 'mnist', '--box', '0,0,1,1'];
  const completed = await lockstep(['inpaint', run, ...corner]);
  expect(completed.stdout).toMatch(/PSNR there, left black +no error\n/);
  for (const name of ['d.png', 'i.png']) {
    expect((await sharp(at(name)).metadata()).format).toBe('png');
  }
});

test.each([
  [['anomaly', 'fit', 'RUN', '--fpr', '2'], 2, /--fpr[^]*a share greater than 0/],
  [['anomaly', 'score', 'RUN', '--normal', 'nine'], 1, /DATA_UNKNOWN_CLASS[^]*--normal/],
  [['anomaly', 'guess'], 2, /USAGE_UNKNOWN_COMMAND/],
  [['denoise', 'RUN', '--noise', 'fog', '--out', 'no.png'], 2, /CONFIG_NOISE[^]*gaussian:0\.3/],
  [['inpaint', 'RUN', '--box', '1,2,3', '--out', 'no.png'], 2, /--box[^]*7,7,14,14/],
  [['inpaint', 'RUN', '--mask', 'none.png', '--out', 'no.png'], 1, /RUN_BAD_MASK/],
])('%j is refused', async (args, code, message) => {
  const words = args.map((word) => (word === 'RUN' ? run : word));
  const refused = await lockstep(words, { cwd: folder });
  expect(refused.stderr).toMatch(message);
  expect([refused.code, refused.stdout]).toEqual([code, '']);
  expect(existsSync(at('no.png'))).toBe(false);
});
