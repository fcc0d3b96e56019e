/** Where a model comes from, as plain data that workers can load it by. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { ExampleInfo, Model, ModelFactory, PresetOptions } from '@lockstep/core';
import { ConfigError } from '../errors.ts';
import { describe, describeError } from './describe.ts';
import { CODE_EXTENSIONS, importUserFile } from './userFile.ts';

export type ModelReference =
  | {
      readonly kind: 'preset';
      readonly name: string;
      readonly options: Readonly<Required<PresetOptions>>;
    }
  | {
      readonly kind: 'file';
      /** Absolute. */
      readonly path: string;
    };

/** The model for data of that shape, checked against the contract. */
export async function loadModel(reference: ModelReference, example: ExampleInfo): Promise<Model> {
  const { checkModel, findPreset } = await import('@lockstep/core');
  if (reference.kind === 'preset') {
    return findPreset(reference.name).create(reference.options)(example);
  }
  const { path } = reference;
  const exported = await importModelFile(path);
  if (typeof exported !== 'function') return checkModel(exported);
  let model: unknown;
  try {
    model = (exported as ModelFactory)(example);
  } catch (error) {
    // The model's own checks (a shape it cannot take) already say what is wrong, and where.
    if (isUserFacing(error)) throw error;
    throw failed('MODEL_FACTORY_FAILED', path, 'a factory that returns a model', error);
  }
  return checkModel(model);
}

/** What the file exports by default: a model or a factory. */
async function importModelFile(path: string): Promise<unknown> {
  if (!CODE_EXTENSIONS.includes(extname(path))) {
    throw new ConfigError({
      code: 'MODEL_FILE_TYPE',
      where: path,
      expected: `a model file (${CODE_EXTENSIONS.join(', ')})`,
      got: extname(path) === '' ? 'a name without an extension' : extname(path),
      fix: 'Name a TypeScript or JavaScript file.',
    });
  }
  if (!existsSync(path)) {
    throw new ConfigError({
      code: 'MODEL_FILE_MISSING',
      where: path,
      expected: 'a model file',
      got: 'no such file',
      fix: "Correct the path; a configuration's paths start at its own folder.",
    });
  }
  let module: object;
  try {
    module = await importUserFile(path, {
      '@lockstep/core': () => import('@lockstep/core'),
      '@tensorflow/tfjs-core': () => import('@tensorflow/tfjs-core'),
    });
  } catch (error) {
    throw failed('MODEL_LOAD_FAILED', path, 'a file that can be imported', error);
  }
  if ('default' in module && module.default !== undefined) return module.default;
  throw new ConfigError({
    code: 'MODEL_NO_DEFAULT_EXPORT',
    where: path,
    expected: 'a default export: a model, or a function that makes one for the data',
    got: `exports ${describe(Object.keys(module))}`,
    fix: 'Write `export default (example) => defineModel({ ... })`.',
  });
}

function failed(code: string, path: string, expected: string, cause: unknown): ConfigError {
  const got = describeError(cause);
  const fix = 'Mend the file; the stack of the cause shows the line.';
  return new ConfigError({ code, where: path, expected, got, fix }, { cause });
}

function isUserFacing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'fix' in error;
}
