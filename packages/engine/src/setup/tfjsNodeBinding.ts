/**
 * tfjs-node's own backend on the library that `lockstep setup tensorflow` fetched: where its parts lie
 * in the user's cache folder, and how they are loaded.
 *
 * As npm installs it, it would come with libtensorflow 2.9, which its install script downloads, and with
 * the whole union package: docs/adr/0002-what-npm-ci-may-do.md says how we do without either. The setup
 * takes the published package's JavaScript and C++, compiles the latter, and leaves this in the library's
 * folder:
 *
 *     tfjs-node-4.22.0/
 *       tfjs_binding.node             links ../libtensorflow_cc and ../libtensorflow_framework
 *       package/                      the published package, none of its scripts run, two files adapted
 *       node_modules/@tensorflow/     hands it the tfjs-core that is in use here
 *
 * tfjs-node and tfjs-node-gpu differ in nothing but the library and the package's name.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs-core';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { cachedLibraryFolder } from '../tensorflow/libraryFolder.ts';
import type { LibraryVariant } from '../tensorflow/libraryFolder.ts';
import { readManifest } from './manifest.ts';

export const TFJS_NODE_VERSION = '4.22.0';

/** Under this name its kernels register, and it looks itself up: there is one of it in a process. */
export const TFJS_NODE_BACKEND = 'tensorflow';

/** The symbol under which the stand-ins find the tfjs-core to hand out. */
export const TFJS_GLOBAL = 'lockstep.tfjs';

export interface TfjsNodePaths {
  readonly folder: string;
  readonly binding: string;
  readonly package: string;
  /** Stand-ins for `@tensorflow/tfjs` and `@tensorflow/tfjs-core`, which the package requires. */
  readonly standIns: readonly string[];
}

export const tfjsNodePaths = (libraryFolder: string): TfjsNodePaths => {
  const folder = join(libraryFolder, `tfjs-node-${TFJS_NODE_VERSION}`);
  return {
    folder,
    binding: join(folder, 'tfjs_binding.node'),
    package: join(folder, 'package'),
    standIns: ['tfjs', 'tfjs-core'].map((name) =>
      join(folder, 'node_modules', '@tensorflow', name),
    ),
  };
};

/** What the setup built; undefined where it has not. */
export function findTfjsNode(
  variant: LibraryVariant,
  environment?: NodeJS.ProcessEnv,
): TfjsNodePaths | undefined {
  const paths = tfjsNodePaths(cachedLibraryFolder(variant, environment));
  return existsSync(paths.binding) ? paths : undefined;
}

/** tfjs-node's backend, as far as we look at it. */
export interface TfjsNodeBackend extends KernelBackend {
  /** Of the device that its operations run on; it falls back to the CPU in silence. */
  readonly isUsingGpuDevice: boolean;
  readonly isGPUPackage: boolean;
}

/**
 * Registers the backend `tensorflow` with `tf`, without making it the one in use. Doing so again does
 * nothing. The library is loaded into this process for good, and reads the environment as it loads:
 * set CUDA_VISIBLE_DEVICES and TF_CPP_MIN_LOG_LEVEL before.
 *
 * Throws ENGINE_TFJS_NODE_MISSING, ENGINE_LIBRARY_BROKEN.
 */
export function registerTfjsNode(
  tf: typeof Tfjs,
  variant: LibraryVariant,
  environment?: NodeJS.ProcessEnv,
): void {
  if (tf.findBackendFactory(TFJS_NODE_BACKEND) != null) return;
  const engine = variant === 'gpu' ? 'eager:tfjs-node-gpu' : 'eager:tfjs-node';
  const paths = findTfjsNode(variant, environment);
  const command = `lockstep setup tensorflow${variant === 'gpu' ? ' --gpu' : ''}`;
  if (paths === undefined) {
    throw new EngineError({
      code: 'ENGINE_TFJS_NODE_MISSING',
      where: `Engine "${engine}"`,
      expected: `tfjs-node's binding in ${cachedLibraryFolder(variant, environment)}`,
      got: 'nothing there',
      fix: `Run \`${command}\` where there is a C++ compiler.`,
    });
  }
  const broken = (got: string, cause?: unknown): EngineError =>
    new EngineError(
      {
        code: 'ENGINE_LIBRARY_BROKEN',
        where: `Engine "${engine}"`,
        expected: `tfjs-node to load from ${paths.folder}`,
        got,
        fix: `Delete that folder and run \`${command}\`.`,
      },
      { cause },
    );
  if (readManifest(dirname(paths.folder)) === undefined) {
    throw broken('a library beside it that is not whole');
  }
  const require = createRequire(join(paths.package, 'package.json'));
  (globalThis as Record<symbol, unknown>)[Symbol.for(TFJS_GLOBAL)] = tf;
  try {
    const binding: unknown = require(paths.binding);
    const { NodeJSKernelBackend } =
      require('./dist/nodejs_kernel_backend.js') as NodejsKernelBackendModule;
    require('./dist/register_all_kernels.js');
    const name = variant === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
    tf.registerBackend(TFJS_NODE_BACKEND, () => new NodeJSKernelBackend(binding, name));
  } catch (cause) {
    throw broken(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

interface NodejsKernelBackendModule {
  readonly NodeJSKernelBackend: new (binding: unknown, packageName: string) => TfjsNodeBackend;
}
