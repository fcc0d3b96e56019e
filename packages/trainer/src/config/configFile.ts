/** Reads a configuration file: TypeScript, JavaScript, JSON or YAML. Its content is not checked here. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConfigError } from '../errors.ts';
import { describeError } from './describe.ts';
import { CODE_EXTENSIONS, importUserFile } from './userFile.ts';

const EXTENSIONS = [...CODE_EXTENSIONS, '.json', '.yaml', '.yml'];

/** @param path absolute */
export async function readConfigFile(path: string): Promise<unknown> {
  const extension = extname(path);
  if (!EXTENSIONS.includes(extension)) {
    throw new ConfigError({
      code: 'CONFIG_FILE_TYPE',
      where: path,
      expected: `a configuration file (${EXTENSIONS.join(', ')})`,
      got: extension === '' ? 'a name without an extension' : extension,
      fix: 'Name a TypeScript, JavaScript, JSON or YAML file.',
    });
  }
  if (!existsSync(path)) {
    throw new ConfigError({
      code: 'CONFIG_FILE_MISSING',
      where: path,
      expected: 'a configuration file',
      got: 'no such file',
      fix: 'Correct the path.',
    });
  }
  try {
    if (extension === '.json') return JSON.parse(await readFile(path, 'utf8')) as unknown;
    if (extension.startsWith('.y')) {
      const { parse } = await import('yaml');
      return parse(await readFile(path, 'utf8'), { logLevel: 'error' }) as unknown;
    }
  } catch (error) {
    throw failed(path, 'a file that can be parsed', error);
  }
  return defaultExport(path);
}

async function defaultExport(path: string): Promise<unknown> {
  let module: object;
  try {
    module = await importUserFile(path, {
      '@lockstep/core': () => import('@lockstep/core'),
      // What a configuration needs of it: defineConfig.
      '@lockstep/trainer': () => import('./trainConfig.ts'),
    });
  } catch (error) {
    throw failed(path, 'a file that can be imported', error);
  }
  if ('default' in module && module.default !== undefined) return module.default;
  throw new ConfigError({
    code: 'CONFIG_NO_DEFAULT_EXPORT',
    where: path,
    expected: 'a default export with the settings',
    got: 'none',
    fix: 'Write `export default defineConfig({ ... })`.',
  });
}

function failed(path: string, expected: string, cause: unknown): ConfigError {
  return new ConfigError(
    {
      code: 'CONFIG_FILE_FAILED',
      where: path,
      expected,
      got: describeError(cause),
      fix: 'Correct the file.',
    },
    { cause },
  );
}
