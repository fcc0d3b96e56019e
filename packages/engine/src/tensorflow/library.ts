/** TensorFlow's library, found and opened on first use, once for each thread that uses it. */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { bindCApi, bindXlaApi, type CApi } from './cApi.ts';
import { broken, oldest } from './brokenLibrary.ts';
import { findLibrary, type LibraryFiles } from './findLibrary.ts';
import { loadKoffi, type NativeLibrary } from './koffi.ts';
import { loadLibc } from './libc.ts';

export interface TensorflowLibrary {
  readonly path: string;
  /** `2.21.0` */
  readonly version: string;
  readonly api: CApi;
  /** Whether its sessions can be asked for XLA. */
  readonly hasXla: boolean;
  /** Of this thread, for one call after the other. */
  readonly status: bigint;
  /** Any function that does no harm: what becomes of memory that TensorFlow does not own. */
  readonly doNothing: bigint;
}

let loaded: TensorflowLibrary | undefined;

/** Throws ENGINE_LIBRARY_MISSING or ENGINE_LIBRARY_BROKEN. */
export function loadLibrary(): TensorflowLibrary {
  loaded ??= openLibrary(filesFound());
  return loaded;
}

const foundKey = 'lockstep:libtensorflow';

/** What this thread has found, the threads that it starts need not search for. */
function filesFound(): LibraryFiles {
  const known = getEnvironmentData(foundKey) as unknown as LibraryFiles | undefined;
  const files = known ?? findLibrary();
  setEnvironmentData(foundKey, { ...files });
  return files;
}

/** What C code finds in the environment, unless the user has set it otherwise. */
const environment: Readonly<Record<string, string>> = {
  // What it logs of itself is nothing to our users.
  TF_CPP_MIN_LOG_LEVEL: '3',
  // On GPUs, the same bits every time, and products as exact as float32 is.
  TF_DETERMINISTIC_OPS: '1',
  NVIDIA_TF32_OVERRIDE: '0',
};

/** Throws ENGINE_LIBRARY_BROKEN. */
export function openLibrary(files: LibraryFiles): TensorflowLibrary {
  const paths = files.framework === undefined ? [files.library] : [files.framework, files.library];
  const libc = loadLibc();
  const quiet = process.env['TF_CPP_MIN_LOG_LEVEL'] !== '0';
  for (const [name, value] of Object.entries(environment)) {
    if (process.env[name] === undefined) libc.setEnvironment(name, value);
  }
  const fault = libc.open(paths, { quiet });
  if (fault) throw broken(fault.path, `what the system refuses to load (${fault.reason})`);
  const native = loadKoffi().load(files.library, { global: true });
  const version = versionOf(native, files.library);
  const api = bind(native, files.library);
  return {
    path: files.library,
    version,
    api,
    hasXla: prepareXla(native),
    status: api.TF_NewStatus(),
    doNothing: native.symbol('TF_Version'),
  };
}

function versionOf(native: NativeLibrary, path: string): string {
  let version: string;
  try {
    version = (native.func('TF_Version', 'str', []) as () => string)();
  } catch {
    throw broken(path, "a library without TensorFlow's C functions");
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (isOld) throw broken(path, `version ${version}, older than ${oldest.join('.')}`);
  return version;
}

function bind(native: NativeLibrary, path: string): CApi {
  try {
    return bindCApi(native);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw broken(path, `a library without some of TensorFlow's C functions (${reason})`);
  }
}

/**
 * XLA on processors too, for the sessions that ask for it; and at once, not after some runs without
 * it: the first step must have the bits of all others.
 */
function prepareXla(native: NativeLibrary): boolean {
  const xla = bindXlaApi(native);
  xla?.TF_SetTfXlaCpuGlobalJit(1);
  xla?.TF_SetXlaEnableLazyCompilation(0);
  return xla !== undefined;
}

/** Calls a function of the C API that reports through the status; `fail` makes its message an error. */
export function checked<T>(
  { api, status }: TensorflowLibrary,
  call: (status: bigint) => T,
  fail: (message: string) => Error,
): T {
  api.TF_SetStatus(status, 0, '');
  const result = call(status);
  if (api.TF_GetCode(status) !== 0) throw fail(api.TF_Message(status));
  return result;
}
