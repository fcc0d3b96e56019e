/**
 * TensorFlow's C API (tensorflow/c/c_api.h), as far as we use it. Addresses are bigint; whatever is called
 * `new...` must be deleted again.
 */
import type { NativeLibrary, Pointer } from './koffi.ts';

/** [result, ...parameters] */
const signatures = {
  TF_Version: ['str'],
  TF_NewStatus: ['void *'],
  TF_SetStatus: ['void', 'void *', 'int', 'str'],
  TF_GetCode: ['int', 'void *'],
  TF_Message: ['str', 'void *'],
  TF_NewBufferFromString: ['void *', 'void *', 'size_t'],
  TF_DeleteBuffer: ['void', 'void *'],
  TF_NewGraph: ['void *'],
  TF_DeleteGraph: ['void', 'void *'],
  TF_NewImportGraphDefOptions: ['void *'],
  TF_DeleteImportGraphDefOptions: ['void', 'void *'],
  TF_GraphImportGraphDef: ['void', 'void *', 'void *', 'void *', 'void *'],
  TF_GraphOperationByName: ['void *', 'void *', 'str'],
  TF_NewSessionOptions: ['void *'],
  TF_DeleteSessionOptions: ['void', 'void *'],
  TF_SetConfig: ['void', 'void *', 'void *', 'size_t', 'void *'],
  TF_NewSession: ['void *', 'void *', 'void *', 'void *'],
  TF_CloseSession: ['void', 'void *', 'void *'],
  TF_DeleteSession: ['void', 'void *', 'void *'],
  TF_SessionListDevices: ['void *', 'void *', 'void *'],
  TF_DeviceListCount: ['int', 'void *'],
  TF_DeviceListName: ['str', 'void *', 'int', 'void *'],
  TF_DeleteDeviceList: ['void', 'void *'],
  TF_NewTensor: ['void *', 'int', 'void *', 'int', 'void *', 'size_t', 'void *', 'void *'],
  TF_DeleteTensor: ['void', 'void *'],
  TF_TensorData: ['void *', 'void *'],
  TF_TensorByteSize: ['size_t', 'void *'],
  TF_SessionRun: [
    'void',
    'void *', // session
    'void *', // run options
    ...['void *', 'void *', 'int'], // inputs, their tensors
    ...['void *', 'void *', 'int'], // outputs, their tensors
    ...['void *', 'int'], // targets
    'void *', // run metadata
    'void *', // status
  ],
} as const;

/** Of c_api_experimental.h: what the flags in TF_XLA_FLAGS set, but whatever thread asks. */
const xlaSignatures = {
  TF_SetTfXlaCpuGlobalJit: ['uint8_t', 'uint8_t'],
  TF_SetXlaEnableLazyCompilation: ['uint8_t', 'uint8_t'],
} as const;

export interface CApi {
  TF_Version(): string;
  TF_NewStatus(): bigint;
  TF_SetStatus(status: bigint, code: number, message: string): void;
  TF_GetCode(status: bigint): number;
  TF_Message(status: bigint): string;
  TF_NewBufferFromString(bytes: Pointer, length: number): bigint;
  TF_DeleteBuffer(buffer: bigint): void;
  TF_NewGraph(): bigint;
  TF_DeleteGraph(graph: bigint): void;
  TF_NewImportGraphDefOptions(): bigint;
  TF_DeleteImportGraphDefOptions(options: bigint): void;
  TF_GraphImportGraphDef(graph: bigint, buffer: bigint, options: bigint, status: bigint): void;
  TF_GraphOperationByName(graph: bigint, name: string): bigint | null;
  TF_NewSessionOptions(): bigint;
  TF_DeleteSessionOptions(options: bigint): void;
  TF_SetConfig(options: bigint, proto: Pointer, length: number, status: bigint): void;
  TF_NewSession(graph: bigint, options: bigint, status: bigint): bigint | null;
  TF_CloseSession(session: bigint, status: bigint): void;
  TF_DeleteSession(session: bigint, status: bigint): void;
  TF_SessionListDevices(session: bigint, status: bigint): bigint | null;
  TF_DeviceListCount(list: bigint): number;
  TF_DeviceListName(list: bigint, index: number, status: bigint): string;
  TF_DeleteDeviceList(list: bigint): void;
  TF_NewTensor(
    type: number,
    dims: Pointer,
    rank: number,
    data: bigint,
    bytes: number,
    deallocator: bigint,
    argument: null,
  ): bigint | null;
  TF_DeleteTensor(tensor: bigint): void;
  TF_TensorData(tensor: bigint): bigint;
  TF_TensorByteSize(tensor: bigint): number;
  TF_SessionRun(
    session: bigint,
    runOptions: Pointer,
    inputs: Pointer,
    inputTensors: Pointer,
    inputCount: number,
    outputs: Pointer,
    outputTensors: Pointer,
    outputCount: number,
    targets: null,
    targetCount: number,
    runMetadata: Pointer,
    status: bigint,
  ): void;
}

export interface XlaApi {
  TF_SetTfXlaCpuGlobalJit(enable: number): number;
  TF_SetXlaEnableLazyCompilation(enable: number): number;
}

type Signatures = Readonly<Record<string, readonly [result: string, ...parameters: string[]]>>;

const bind = (library: NativeLibrary, signatures: Signatures): unknown =>
  Object.fromEntries(
    Object.entries(signatures).map(([name, [result, ...parameters]]) => [
      name,
      library.func(name, result, parameters),
    ]),
  );

/** Throws where the library lacks one of the functions. */
export const bindCApi = (library: NativeLibrary): CApi => bind(library, signatures) as CApi;

/** Undefined for a library that cannot be told about XLA. */
export function bindXlaApi(library: NativeLibrary): XlaApi | undefined {
  try {
    return bind(library, xlaSignatures) as XlaApi;
  } catch {
    return undefined;
  }
}
