/** ONNX Runtime, imported on first use, and the sessions we ask it for. */
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';
import { EngineError } from '../errors.ts';
import { cpuProvider } from './providers.ts';

type Runtime = typeof OnnxRuntime;

let loading: Promise<Runtime> | undefined;

/** Throws ENGINE_RUNTIME_MISSING. */
export function loadRuntime(): Promise<Runtime> {
  loading ??= importRuntime();
  return loading;
}

async function importRuntime(): Promise<Runtime> {
  // Read when the library loads; without it, it writes telemetry files under the user's home.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    const runtime = await import('onnxruntime-node');
    // What goes wrong is thrown too.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (cause) {
    throw new EngineError(
      {
        code: 'ENGINE_RUNTIME_MISSING',
        where: 'Engine "onnx"',
        expected: `onnxruntime-node, with its library for ${process.platform} ${process.arch}`,
        got: `a failure to load it (${reasonOf(cause)})`,
        fix: 'Run npm install, or use --engine eager:cpu.',
      },
      { cause },
    );
  }
}

/**
 * One session for one thread: no threads of ORT's own, so a worker is a core and the order of every
 * sum is fixed. Chosen by measurement, in docs/adr/0005-onnx-lowering.md.
 */
const sessionOptions: InferenceSession.SessionOptions = {
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // simplify and the lowerings have done it; ORT's own passes undo what they arranged.
  graphOptimizationLevel: 'disabled',
  // Its plan of all memory ahead takes twice as much as the arena alone, and no less time.
  enableMemPattern: false,
  logSeverityLevel: 3,
};

/** Throws ENGINE_RUNTIME_REFUSED, and of a provider ENGINE_PROVIDER_MISSING, ENGINE_NO_LOWERING. */
export async function createSession(
  model: Uint8Array,
  provider = cpuProvider,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  try {
    return await InferenceSession.create(model, {
      ...sessionOptions,
      ...provider.options,
      ...options,
    });
  } catch (cause) {
    throw provider.refusal(reasonOf(cause), cause) ?? refused(provider.engine, cause);
  }
}

const refused = (engine: string, cause: unknown): EngineError =>
  new EngineError(
    {
      code: 'ENGINE_RUNTIME_REFUSED',
      where: `Engine "${engine}"`,
      expected: 'a graph that ONNX Runtime can run',
      got: `its refusal (${reasonOf(cause)})`,
      fix: 'Write that part of the model with other operations, or use --engine eager:cpu.',
    },
    { cause },
  );

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

export type FloatTensor = TypedTensor<'float32'>;
