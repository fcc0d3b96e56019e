/** Proof that lint refuses what the architecture forbids: no rule here may have gone silent. */
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// With CI=true typescript-eslint would read each file from disk once, not the text it is given.
const parserOptions = { disallowAutomaticSingleRunInference: true };
const eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions } } });

/** Typed rules know only files that exist, so the code stands in for one of them. */
const fileOf = (project: string): string =>
  `${root}${project}/src/${project === 'apps/coordinator' ? 'main' : 'index'}.ts`;

/** Lints `code` as if it were a source file of a project; returns the rules that it breaks. */
async function brokenRules(project: string, code: string): Promise<string[]> {
  const results = await eslint.lintText(code, { filePath: fileOf(project) });
  return results.flatMap((result) => result.messages.map((message) => message.ruleId ?? 'parse'));
}

const boundary = '@nx/enforce-module-boundaries';

const forbidden: [project: string, imported: string][] = [
  ['packages/core', '@lockstep/trainer'],
  ['packages/core', '@lockstep/engine'],
  ['packages/core', 'msgpackr'],
  ['packages/protocol', '@lockstep/core'],
  ['packages/engine', '@lockstep/core'],
  ['packages/collective', '@lockstep/data'],
  ['packages/data', '@lockstep/protocol'],
  ['packages/trainer', '@lockstep/gpu-worker'],
  ['apps/gpu-worker', '@lockstep/collective'],
  ['apps/coordinator', '@lockstep/data'],
];

test.each(forbidden)('%s must not import %s', async (project, imported) => {
  expect(await brokenRules(project, `import '${imported}';\n`)).toEqual([boundary]);
});

const allowed: [project: string, imported: string][] = [
  ['packages/core', '@tensorflow/tfjs-core'],
  ['packages/engine', 'onnxruntime-node'],
  ['packages/trainer', '@lockstep/core'],
  ['packages/trainer', '@lockstep/data'],
  ['apps/gpu-worker', '@lockstep/engine/onnx'],
  ['apps/coordinator', '@lockstep/trainer'],
];

test.each(allowed)('%s may import %s', async (project, imported) => {
  expect(await brokenRules(project, `import '${imported}';\n`)).toEqual([]);
});

const refused: [what: string, project: string, code: string, rule: string][] = [
  ['Node in core', 'packages/core', `import 'node:fs';`, 'no-restricted-imports'],
  [
    'an engine in trainer',
    'packages/trainer',
    `import '@lockstep/engine/onnx';`,
    'no-restricted-imports',
  ],
  ['Math.random', 'packages/data', `export const x = Math.random();`, 'no-restricted-properties'],
  ['a default export', 'packages/core', `export default 1;`, 'no-restricted-syntax'],
  ['export *', 'packages/core', `export * from './model.ts';`, 'no-restricted-syntax'],
  ['any', 'packages/core', `export const x: any = 1;`, '@typescript-eslint/no-explicit-any'],
  [
    'a floating promise',
    'packages/core',
    `async function f(): Promise<void> {}\nf();`,
    '@typescript-eslint/no-floating-promises',
  ],
];

test.each(refused)('lint refuses %s', async (_what, project, code, rule) => {
  expect(await brokenRules(project, `${code}\n`)).toContain(rule);
});
