/** The job's parameters and moments: between the arena and named tensors. */
import {
  momentOffset,
  parametersOffset,
  parity,
  tensorView,
  type Arena,
} from '@lockstep/collective';
import type { NamedTensor } from '../run/namedTensor.ts';

export interface TrainedTensors {
  readonly parameters: readonly NamedTensor[];
  /** By the moment's name, in the parameters' order. */
  readonly moments: Readonly<Record<string, readonly NamedTensor[]>>;
}

/** Views of what `step` finished steps have made; valid until the next step. */
export function readTensors(
  arena: Arena,
  step: number,
  momentNames: readonly string[],
): TrainedTensors {
  const current = parity(step);
  const views = (offset: number): NamedTensor[] =>
    arena.layout.tensors.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      data: tensorView(arena, offset, tensor),
    }));
  return {
    parameters: views(parametersOffset(arena, current)),
    moments: Object.fromEntries(
      momentNames.map((name, index) => [name, views(momentOffset(arena, index, current))]),
    ),
  };
}

/** Copies tensors into the arena as the state after `step` steps. Names and order must agree. */
export function writeTensors(arena: Arena, step: number, tensors: TrainedTensors): void {
  const into = readTensors(arena, step, Object.keys(tensors.moments));
  copy(tensors.parameters, into.parameters);
  for (const [name, list] of Object.entries(tensors.moments)) copy(list, into.moments[name] ?? []);
}

function copy(from: readonly NamedTensor[], to: readonly NamedTensor[]): void {
  from.forEach(({ name, data }, i) => {
    const target = to[i];
    if (target?.name !== name) throw new Error(`tensor ${name} meets ${target?.name ?? 'nothing'}`);
    target.data.set(data);
  });
}
