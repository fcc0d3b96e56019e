/** A TensorFlow session for one graph. Any thread of the process may run it, several at once. */
import { EngineError } from '../errors.ts';
import { encodeConfig, type SessionConfig } from './configProto.ts';
import { checked, type TensorflowLibrary } from './library.ts';

/** Addresses. */
export interface Session {
  readonly session: bigint;
  readonly graph: bigint;
}

/** Throws ENGINE_RUNTIME_REFUSED. */
export function createSession(
  library: TensorflowLibrary,
  graphDef: Uint8Array,
  config: SessionConfig,
): Session {
  const { api } = library;
  const graph = api.TF_NewGraph();
  try {
    importGraph(library, graph, graphDef);
    return { graph, session: openSession(library, graph, config) };
  } catch (error) {
    api.TF_DeleteGraph(graph);
    throw error;
  }
}

function importGraph(library: TensorflowLibrary, graph: bigint, graphDef: Uint8Array): void {
  const { api } = library;
  const buffer = api.TF_NewBufferFromString(graphDef, graphDef.byteLength);
  const options = api.TF_NewImportGraphDefOptions();
  try {
    checked(
      library,
      (status) => api.TF_GraphImportGraphDef(graph, buffer, options, status),
      refused,
    );
  } finally {
    api.TF_DeleteImportGraphDefOptions(options);
    api.TF_DeleteBuffer(buffer);
  }
}

function openSession(library: TensorflowLibrary, graph: bigint, config: SessionConfig): bigint {
  const { api } = library;
  const proto = encodeConfig(config);
  const options = api.TF_NewSessionOptions();
  try {
    checked(
      library,
      (status) => api.TF_SetConfig(options, proto, proto.byteLength, status),
      refused,
    );
    const session = checked(
      library,
      (status) => api.TF_NewSession(graph, options, status),
      refused,
    );
    if (session === null) throw refused('no session, and no reason');
    return session;
  } finally {
    api.TF_DeleteSessionOptions(options);
  }
}

export function deleteSession({ api, status }: TensorflowLibrary, { session, graph }: Session) {
  // Nothing can be done about what these report.
  api.TF_CloseSession(session, status);
  api.TF_DeleteSession(session, status);
  api.TF_DeleteGraph(graph);
}

export const refused = (message: string): EngineError =>
  new EngineError({
    code: 'ENGINE_RUNTIME_REFUSED',
    where: 'Engine "tensorflow"',
    expected: 'a graph that TensorFlow can run',
    got: `its refusal (${message})`,
    fix: 'Write that part of the model with other operations, or run with --engine onnx or eager:cpu.',
  });
