/** Reads a configuration file: TypeScript, JavaScript, JSON or YAML. Its content is not checked here. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConfigError } from '../errors.ts';
import { describeError } from './describe.ts';
import { checkUserFile, CODE_EXTENSIONS, importDefault, type UserFileKind } from './userFile.ts';

const CONFIG_FILE: UserFileKind = {
  area: 'CONFIG',
  what: 'a configuration file',
  extensions: [...CODE_EXTENSIONS, '.json', '.yaml', '.yml'],
  fixPath: 'Correct the path.',
  exported: 'a default export with the settings',
  fixExport: 'Write `export default defineConfig({ ... })`.',
  own: {
    '@lockstep/core': () => import('@lockstep/core'),
    // What a configuration needs of it: defineConfig.
    '@lockstep/trainer': () => import('./trainConfig.ts'),
  },
};

/** @param path absolute */
export async function readConfigFile(path: string): Promise<unknown> {
  checkUserFile(path, CONFIG_FILE);
  const extension = extname(path);
  if (CODE_EXTENSIONS.includes(extension)) return importDefault(path, CONFIG_FILE);
  try {
    const text = await readFile(path, 'utf8');
    if (extension === '.json') return JSON.parse(text) as unknown;
    const { parse } = await import('yaml');
    return parse(text, { logLevel: 'error' }) as unknown;
  } catch (error) {
    throw new ConfigError(
      {
        code: 'CONFIG_FILE_FAILED',
        where: path,
        expected: 'a file that can be parsed',
        got: describeError(error),
        fix: 'Correct the file.',
      },
      { cause: error },
    );
  }
}
