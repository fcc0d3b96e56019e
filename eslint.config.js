/**
 * Lint: types are checked by `tsc`; these rules check what types cannot say.
 *
 * Who may import whom stands in `boundaries`. The rule that enforces it reads Nx's project graph from
 * a cache and would skip itself, silently, where there is none: so the graph is made here, each time.
 */
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { createProjectGraphAsync } from '@nx/devkit';
import { globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

await createProjectGraphAsync();

const shared = ['scope:core', 'scope:protocol', 'scope:engine', 'scope:collective', 'scope:data'];

/** What each project may import of ours; `tools` and what users write may import anything. */
const boundaries = [
  { sourceTag: 'scope:core', allow: [], external: ['@tensorflow/tfjs-core'] },
  { sourceTag: 'scope:protocol', allow: [], external: ['msgpackr'] },
  { sourceTag: 'scope:engine', allow: [] },
  { sourceTag: 'scope:collective', allow: [] },
  { sourceTag: 'scope:data', allow: [] },
  { sourceTag: 'scope:trainer', allow: shared },
  {
    sourceTag: 'scope:gpu-worker',
    allow: ['scope:trainer', 'scope:protocol', 'scope:engine'],
  },
  {
    sourceTag: 'scope:coordinator',
    allow: ['scope:trainer', 'scope:protocol', 'scope:engine', 'scope:gpu-worker'],
  },
];

/** Typed because `WebAssembly` is declared among them, and used by mistake for a forgotten variable. */
const browserGlobals = [
  ...['document', 'window', 'self', 'top', 'parent', 'location', 'history', 'localStorage'],
  ...['name', 'event', 'status', 'length', 'closed', 'print', 'open', 'close'],
];

/** Tests of the isomorphic packages may use these too. */
const forTests = ['vitest', 'vitest/*', 'fast-check', '@tensorflow/tfjs-backend-cpu'];

const depConstraints = (extra) => [
  ...boundaries.map(({ sourceTag, allow, external }) => ({
    sourceTag,
    onlyDependOnLibsWithTags: [sourceTag, ...allow],
    ...(external ? { allowedExternalImports: [...external, ...extra] } : {}),
  })),
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['*'] },
];

const moduleBoundaries = (extra, options = {}) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      allow: ['../../vitest.shared.ts', '../../../examples/*'],
      enforceBuildableLibDependency: false,
      checkNestedExternalImports: false,
      depConstraints: depConstraints(extra),
      ...options,
    },
  ],
});

const tests = ['**/*.test.ts', '**/bench/**', '**/vitest.config.ts', '**/testing/**'];

export default tseslint.config(
  globalIgnores([
    '**/dist/',
    '**/generated/',
    '**/node_modules/',
    '**/.nx/',
    '**/coverage/',
    'runs/',
    // AssemblyScript is not TypeScript: `asc` checks it.
    '**/assembly/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // An interface whose other implementations wait makes a function async that need not be.
      '@typescript-eslint/require-await': 'off',
      // Interfaces here declare plain functions, which may be taken off their object.
      '@typescript-eslint/unbound-method': 'off',
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      'no-restricted-globals': ['error', ...browserGlobals],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness is counter-based (Philox), or the bits depend on luck.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'ExportAllDeclaration', message: 'List the exported names by hand.' },
      ],
      ...moduleBoundaries([]),
    },
  },
  {
    files: tests,
    rules: {
      ...moduleBoundaries(forTests),
      'no-console': 'off',
    },
  },
  {
    // Benchmarks measure what is built, as users import it.
    files: ['**/bench/**'],
    rules: {
      ...moduleBoundaries(forTests, { allowCircularSelfDependency: true }),
      'no-restricted-properties': 'off',
    },
  },
  {
    // Isomorphic: these run in browsers too.
    files: ['packages/core/src/**/*.ts', 'packages/protocol/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'path', 'worker_threads'] }],
      'no-restricted-globals': ['error', ...browserGlobals, 'process', 'Buffer', '__dirname'],
    },
  },
  {
    // The trainer knows of an engine only its interface; the heavy runtimes are chosen by the apps.
    files: ['packages/trainer/src/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-imports': ['error', { patterns: ['@lockstep/engine/*'] }] },
  },
  {
    // Commands print.
    files: ['tools/**', 'apps/coordinator/**', 'examples/**', '**/*.config.{ts,js}'],
    rules: { 'no-console': 'off' },
  },
  {
    // Files that a tool or a user names, and stand-ins for the latter, export by default.
    files: ['examples/**', 'tools/bench/models/**', '**/*.config.{ts,js}', '**/testing/*.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      parserOptions: { project: false, projectService: false },
    },
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-undef': 'off' },
  },
);
