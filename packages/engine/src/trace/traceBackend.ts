/**
 * The tfjs backend that records instead of computing. A tensor on it is a name for a value of the
 * graph; it has a shape and a dtype, and no numbers. One instance lives for one trace.
 */
import { KernelBackend, engine } from '@tensorflow/tfjs-core';
import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineError } from '../errors.ts';
import type { Graph, GraphValue } from '../graph.ts';
import { constantData, uniformValue } from './constants.ts';
import { graphDType } from './dtype.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { kernelTable } from './kernels/allKernels.ts';
import { filled } from './kernels/creation.ts';
import type { KernelCall, KernelNode } from './kernels/kernelTable.ts';
import {
  disposedTensor,
  hiddenRandomness,
  keptTensor,
  tracedValueRead,
  unsupportedKernel,
} from './refusals.ts';
import { openOperations, scopePath } from './scope.ts';

type KernelInputs = Readonly<Record<string, TensorInfo | null | undefined>> | readonly TensorInfo[];

/** tfjs draws these in JavaScript and uploads the numbers. */
const randomOperations = new Set([
  ...['rand', 'randomNormal', 'randomStandardNormal', 'randomUniform', 'randomUniformInt'],
  ...['randomGamma', 'truncatedNormal'],
]);

interface Traced {
  readonly value: GraphValue;
  references: number;
}

export class TraceBackend extends KernelBackend {
  readonly #graph = new GraphBuilder();
  readonly #traced = new Map<DataId, Traced>();
  /** Tensors of other backends that the function captured; they stay where they are. */
  readonly #captured = new Map<DataId, GraphValue>();

  #refusal: EngineError | undefined;

  /** A tensor for an input of the function. */
  input(name: string, shape: readonly number[]): TensorInfo {
    return this.#tensorInfo(this.#graph.input(name, shape));
  }

  /** Runs one tfjs kernel: what `kernelFunc` does on other backends. */
  runKernel(kernel: string, inputs: KernelInputs, attrs: object): TensorInfo | TensorInfo[] {
    const values = Array.isArray(inputs)
      ? (inputs as TensorInfo[]).map((info) => this.graphValue(info))
      : Object.fromEntries(
          Object.entries(inputs)
            .filter((entry): entry is [string, TensorInfo] => entry[1] != null)
            .map(([name, info]) => [name, this.graphValue(info)]),
        );
    const result = this.#record(kernel, values, attrs);
    return Array.isArray(result)
      ? result.map((value) => this.#tensorInfo(value as GraphValue))
      : this.#tensorInfo(result as GraphValue);
  }

  graphValue(info: TensorInfo): GraphValue {
    const traced = this.#traced.get(info.dataId) ?? undefined;
    return traced?.value ?? this.#capture(info);
  }

  throwIfRefused(): void {
    if (this.#refusal) throw this.#refusal;
  }

  build(outputs: Readonly<Record<string, TensorInfo>>): Graph {
    const ids = Object.entries(outputs).map(([name, info]) => [name, this.graphValue(info).id]);
    return this.#graph.build(Object.fromEntries(ids) as Record<string, number>);
  }

  #record(
    kernel: string,
    inputs: Readonly<Record<string, GraphValue>> | readonly GraphValue[],
    attrs: object,
  ): GraphValue | readonly GraphValue[] {
    const recorder = kernelTable[kernel];
    if (!recorder) throw unsupportedKernel(kernel);
    const named = inputs as Readonly<Record<string, GraphValue>>;
    const call: KernelCall = {
      kernel,
      attrs,
      optionalInput: (name) => named[name],
      input: (name) => {
        const value = named[name];
        if (!value) throw new Error(`Kernel ${kernel} was called without its input "${name}"`);
        return value;
      },
      inputList: () => Object.values(inputs),
      emit: (node) => this.#emit({ kernel, ...node }),
      constant: (data, shape, dtype) => this.#graph.constant(data, shape, dtype),
      record: (other, otherInputs, otherAttrs = {}) =>
        this.#record(other, otherInputs, otherAttrs) as GraphValue,
    };
    return recorder(call);
  }

  #tensorInfo(value: GraphValue): TensorInfo {
    const dataId = {};
    this.#traced.set(dataId, { value, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  #capture({ dataId, shape, dtype }: TensorInfo): GraphValue {
    const known = this.#captured.get(dataId);
    if (known) return known;
    const owner = engine().state.tensorInfo.get(dataId)?.backend;
    if (!owner) throw disposedTensor();
    if (owner instanceof TraceBackend) throw keptTensor(1);
    const value = this.#constant(engine().readSync(dataId), shape, dtype);
    this.#captured.set(dataId, value);
    return value;
  }

  #constant(values: BackendValues, shape: readonly number[], dtype: DataType): GraphValue {
    const type = graphDType(dtype);
    const data = constantData(values, type);
    const uniform = uniformValue(data);
    if (uniform === undefined) return this.#graph.constant(data, shape, type);
    return this.#emit(filled(shape, uniform, type));
  }

  #emit({ kernel, inputs, attrs = {}, shape, dtype }: KernelNode): GraphValue {
    return this.#graph.node({ kernel, inputs, attrs, scope: scopePath() }, shape, dtype);
  }

  // What tfjs asks of a backend.

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const random = openOperations().find((operation) => randomOperations.has(operation));
    if (random !== undefined) throw hiddenRandomness(random);
    const { dataId } = this.#tensorInfo(this.#constant(values, shape, dtype));
    return dataId;
  }

  override move(): void {
    throw new Error('Tensors of other backends are captured as constants, never moved');
  }

  override readSync(_dataId: DataId): BackendValues {
    throw tracedValueRead();
  }

  /** Refused when the function has returned: a rejection might be one that nobody awaits. */
  override read(_dataId: DataId): Promise<BackendValues> {
    this.#refusal ??= tracedValueRead();
    return new Promise(() => {});
  }

  override refCount(dataId: DataId): number {
    return this.#traced.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: DataId): void {
    const traced = this.#traced.get(dataId);
    if (traced) traced.references++;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const traced = this.#traced.get(dataId);
    if (!traced) return true;
    traced.references--;
    if (traced.references > 0 && !force) return false;
    this.#traced.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.#traced.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {}
}
