/**
 * tfjs-node's backend for the library in a folder: its published JavaScript, and its binding compiled
 * against the library. tfjsNodeBinding.ts says what lies where.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { SetupProgress } from './progress.ts';
import { lastLines, runProgram } from './runProgram.ts';
import { setupError } from './setupError.ts';
import { TFJS_GLOBAL, TFJS_NODE_VERSION, tfjsNodePaths } from './tfjsNodeBinding.ts';
import type { TfjsNodePaths } from './tfjsNodeBinding.ts';

const PACKAGE = `@tensorflow/tfjs-node@${TFJS_NODE_VERSION}`;
const SHA512 =
  'uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==';

export interface BuildOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly compiler: string;
  readonly signal?: AbortSignal | undefined;
  onProgress(progress: SetupProgress): void;
}

/**
 * Builds in `scratch`, a folder on the same disk, and moves the result to its place in `library`.
 * Throws ENGINE_SETUP_NETWORK, _CHECKSUM, _COMPILER.
 */
export async function buildTfjsNode(
  library: string,
  scratch: string,
  options: BuildOptions,
): Promise<void> {
  options.onProgress({ stage: 'compile', done: 0, total: 0 });
  const built = tfjsNodePaths(scratch);
  await mkdir(built.package, { recursive: true });
  await fetchPackage(built, scratch, options);
  await adaptPackage(built.package);
  for (const standIn of built.standIns) {
    await mkdir(standIn, { recursive: true });
    const source = `module.exports = globalThis[Symbol.for('${TFJS_GLOBAL}')];\n`;
    await writeFile(join(standIn, 'index.js'), source);
  }
  await compile(library, built, options);
  const place = tfjsNodePaths(library);
  try {
    await rename(built.folder, place.folder);
  } catch (error) {
    // Another set-up was faster: what it built is the same.
    if (!existsSync(place.binding)) throw error;
  }
}

async function fetchPackage(
  built: TfjsNodePaths,
  scratch: string,
  { environment, signal }: BuildOptions,
): Promise<void> {
  const installed = installedPackage();
  if (installed !== undefined) {
    for (const part of ['package.json', 'binding', 'dist']) {
      await cp(join(installed, part), join(built.package, part), { recursive: true });
    }
    return;
  }
  const args = ['pack', PACKAGE, '--ignore-scripts', '--pack-destination', scratch];
  const pack = await runProgram('npm', args, { cwd: scratch, environment, signal });
  const archive = join(scratch, `tensorflow-tfjs-node-${TFJS_NODE_VERSION}.tgz`);
  if (pack.code !== 0 || !existsSync(archive)) {
    throw setupError('NETWORK', {
      expected: `npm to fetch ${PACKAGE}`,
      got: pack.code === undefined ? 'no program npm' : lastLines(pack.output),
      fix: 'libtensorflow is in place, and --engine tensorflow needs no more. For eager:tfjs-node, check the network and run it again.',
    });
  }
  const digest = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (digest !== SHA512) {
    throw setupError('CHECKSUM', {
      expected: `${PACKAGE} with SHA-512 ${SHA512}`,
      got: digest,
      fix: "Something between here and npm's registry changes the file: look at `npm config list`, then run it again.",
    });
  }
  const tar = ['-xzf', archive, '-C', built.folder, 'package'];
  const { code, output } = await runProgram('tar', tar, { environment, signal });
  if (code !== 0) throw new Error(`tar ended with ${code}: ${lastLines(output)}`);
}

/** What npm installed with the GPU worker, where it did; tfjs-node's sources are the very same. */
function installedPackage(): string | undefined {
  try {
    const { resolve } = createRequire(import.meta.url);
    const manifest = resolve('@tensorflow/tfjs-node-gpu/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
    return version === TFJS_NODE_VERSION ? dirname(manifest) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Two functions of `util` are gone in Node 23, and TensorBoard's messages, which we never write through
 * tfjs-node, would need google-protobuf.
 */
async function adaptPackage(folder: string): Promise<void> {
  const util = '{ isNullOrUndefined: (value) => value == null, isArray: Array.isArray }';
  for (const [file, ...replacements] of [
    ['dist/nodejs_kernel_backend.js', 'require("util")', util, "require('./proto/api_pb')", '{}'],
    ['dist/kernels/TopK.js', 'require("util")', util],
  ] as const) {
    let source = await readFile(join(folder, file), 'utf8');
    for (let i = 0; i < replacements.length; i += 2) {
      const [from = '', to = ''] = replacements.slice(i);
      if (!source.includes(from)) throw new Error(`${PACKAGE}: no ${from} in ${file}`);
      source = source.replace(from, () => to);
    }
    await writeFile(join(folder, file), source);
  }
}

async function compile(
  library: string,
  built: TfjsNodePaths,
  { compiler, environment, signal }: BuildOptions,
): Promise<void> {
  const { include_dir: nodeHeaders } = createRequire(import.meta.url)('node-api-headers') as {
    readonly include_dir: string;
  };
  const apple = process.platform === 'darwin';
  const suffix = apple ? '2.dylib' : 'so.2';
  const args = [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...['-I', nodeHeaders, '-I', join(library, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(built.package, 'binding', file)),
    ...['cc', 'framework'].map((part) => join(library, `libtensorflow_${part}.${suffix}`)),
    // The folder may be moved as a whole.
    `-Wl,-rpath,${apple ? '@loader_path' : '$ORIGIN'}/..`,
    ...(apple ? ['-undefined', 'dynamic_lookup'] : []),
    ...['-o', built.binding],
  ];
  const { code, output } = await runProgram(compiler, args, { environment, signal });
  if (code === 0) return;
  const errors = output.split('\n').filter((line) => /error|cannot find/i.test(line));
  throw setupError('COMPILER', {
    expected: `${compiler} to compile tfjs-node's binding`,
    got: errors.length > 0 ? errors.slice(0, 3).join('\n') : lastLines(output),
    fix: 'libtensorflow is in place, and --engine tensorflow needs no more. For eager:tfjs-node, let CXX name a C++17 compiler and run it again.',
  });
}
