/**
 * Imports a file that a user wrote. It may lie anywhere, with or without packages installed beside
 * it, and must still get *our* instances of the packages given: a second copy of tfjs would have
 * other backends.
 *
 * TypeScript is read by jiti. JavaScript is imported by Node itself where Node finds our instances
 * from there; otherwise by jiti too.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors.ts';
import { describe, describeError } from './describe.ts';

/** How to import each package that must be ours, by name. */
type OwnPackages = Readonly<Record<string, () => Promise<unknown>>>;

/** What a file of that kind is, and what errors say of it. */
export interface UserFileKind {
  /** What the codes of its errors begin with. */
  readonly area: 'CONFIG' | 'MODEL';
  /** `a model file` */
  readonly what: string;
  readonly extensions: readonly string[];
  readonly fixPath: string;
  /** What it exports by default, and how that is written. */
  readonly exported: string;
  readonly fixExport: string;
  readonly own: OwnPackages;
}

const TYPESCRIPT = ['.ts', '.mts', '.cts'];
const JAVASCRIPT = ['.js', '.mjs', '.cjs'];

export const CODE_EXTENSIONS: readonly string[] = [...TYPESCRIPT, ...JAVASCRIPT];

/** Throws <area>_FILE_TYPE, <area>_FILE_MISSING. */
export function checkUserFile(
  path: string,
  { area, what, extensions, fixPath }: UserFileKind,
): void {
  const extension = extname(path);
  if (!extensions.includes(extension)) {
    throw new ConfigError({
      code: `${area}_FILE_TYPE`,
      where: path,
      expected: `${what} (${extensions.join(', ')})`,
      got: extension === '' ? 'a name without an extension' : extension,
      fix: 'Name a file that ends in one of these.',
    });
  }
  if (!existsSync(path)) {
    throw new ConfigError({
      code: `${area}_FILE_MISSING`,
      where: path,
      expected: what,
      got: 'no such file',
      fix: fixPath,
    });
  }
}

/** What a file of code exports by default. Throws <area>_FILE_FAILED, <area>_NO_DEFAULT_EXPORT. */
export async function importDefault(path: string, kind: UserFileKind): Promise<unknown> {
  let module: object;
  try {
    module = await importUserFile(path, kind.own);
  } catch (error) {
    throw fileThrew(`${kind.area}_FILE_FAILED`, path, 'a file that can be imported', error);
  }
  if ('default' in module && module.default !== undefined) return module.default;
  throw new ConfigError({
    code: `${kind.area}_NO_DEFAULT_EXPORT`,
    where: path,
    expected: kind.exported,
    got: `exports ${describe(Object.keys(module))}`,
    fix: kind.fixExport,
  });
}

/** The error for a file whose code threw. */
export function fileThrew(code: string, path: string, expected: string, cause: unknown): Error {
  const got = describeError(cause);
  const fix = 'Mend the file; the stack of the cause shows the line.';
  return new ConfigError({ code, where: path, expected, got, fix }, { cause });
}

/** The module's namespace. Rejects with whatever importing it throws. */
async function importUserFile(path: string, own: OwnPackages): Promise<object> {
  const native = JAVASCRIPT.includes(extname(path)) && findsOurs(path, Object.keys(own));
  return native ? importNatively(path) : importWithJiti(path, own);
}

async function importNatively(path: string): Promise<object> {
  return import(pathToFileURL(path).href) as Promise<object>;
}

async function importWithJiti(path: string, own: OwnPackages): Promise<object> {
  const [{ createJiti }, ...packages] = await Promise.all([
    import('jiti'),
    ...Object.entries(own).map(async ([name, load]) => [name, await load()] as const),
  ]);
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    virtualModules: Object.fromEntries(packages),
  });
  return jiti.import<object>(path);
}

function findsOurs(path: string, names: readonly string[]): boolean {
  const [here, there] = [createRequire(import.meta.url), createRequire(path)];
  const find = (require: NodeJS.Require, name: string) => {
    try {
      return require.resolve(name);
    } catch {
      return undefined;
    }
  };
  return names.every((name) => find(there, name) === find(here, name));
}
