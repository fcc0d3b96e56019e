import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('./', import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing'),
);

describe('core', () => {
  it.each(sources)('%s imports only its own files and tfjs-core', (path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const imported = [...text.matchAll(/\bfrom '([^']+)'|\bimport\(?\s*'([^']+)'/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    for (const specifier of imported) {
      expect(specifier).toMatch(/^(\.{1,2}\/[\w./]+\.ts|@tensorflow\/tfjs-core)$/);
    }
  });

  it('is compiled without the types of Node', () => {
    const config = readFileSync(new URL('../tsconfig.json', root), 'utf8');
    expect(
      (JSON.parse(config) as { compilerOptions: { types: unknown } }).compilerOptions.types,
    ).toEqual([]);
  });

  it('calls nothing whose bits differ between JavaScript engines', () => {
    for (const path of sources) {
      const code = readFileSync(new URL(path, root), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|\/\/.*/g,
        '',
      );
      const used = [...code.matchAll(/\bMath\.(\w+)/g)].map((match) => match[1]);
      for (const name of used)
        expect(['fround', 'imul', 'sqrt', 'floor', 'ceil', 'max', 'min']).toContain(name);
      expect(code).not.toMatch(/\*\*/);
    }
  });
});
