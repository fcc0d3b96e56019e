/**
 * Imports a file that a user wrote. It may lie anywhere, with or without packages installed beside
 * it, and must still get *our* instances of the packages given: a second copy of tfjs would have
 * other backends.
 *
 * TypeScript is read by jiti. JavaScript is imported by Node itself where Node finds our instances
 * from there; otherwise by jiti too.
 */
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How to import each package that must be ours, by name. */
export type OwnPackages = Readonly<Record<string, () => Promise<unknown>>>;

const TYPESCRIPT = ['.ts', '.mts', '.cts'];
const JAVASCRIPT = ['.js', '.mjs', '.cjs'];

export const CODE_EXTENSIONS: readonly string[] = [...TYPESCRIPT, ...JAVASCRIPT];

/** The module's namespace. Rejects with whatever importing it throws. */
export async function importUserFile(path: string, own: OwnPackages): Promise<object> {
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
