/** What a thread loads before its first job: it is paid for by every thread of every run. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** The modules that importing `name` loads, by their addresses. */
function modulesOf(name: string): string[] {
  // Hooks run in a thread of their own, so they write to the process's output themselves.
  const hooks = `
    import { writeSync } from 'node:fs';
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      writeSync(1, resolved.url + '\\n');
      return resolved;
    }`;
  const script = `
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    await import(${JSON.stringify(name)});`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.split('\n');
}

it('loads no model, no schema and no reader of any kind of data with the worker', () => {
  const modules = modulesOf('@lockstep/trainer/worker');
  expect(modules).toContainEqual(expect.stringContaining('trainer/dist/worker/runWorker.js'));
  const heavy =
    /node_modules\/(@tensorflow|zod|yaml|sharp|piscina|hyparquet)|core\/dist|data\/dist\/(audio|images|parquet|ratings|sprites|text)\/|openTable/;
  expect(modules.filter((url) => heavy.test(url))).toEqual([]);
});
