/** A model inside another: its parameters, state and noise under names that begin with a prefix. */
import type { Model, NamedTensors } from '../model.ts';

export interface Nested {
  readonly parameters: Model['parameters'];
  readonly state: NonNullable<Model['state']>;
  readonly noise: Model['noise'];
  /** The inner model's own tensors, by its own names. */
  inner(tensors: NamedTensors): NamedTensors;
  /** By the names that they have outside. */
  outer<T>(named: Readonly<Record<string, T>>): Readonly<Record<string, T>>;
}

/** @param prefix ends with `/` */
export function nested(prefix: string, { parameters, state = [], noise }: Model): Nested {
  const outerName = (name: string) => `${prefix}${name}`;
  const outer = <T>(named: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(named).map(([name, value]) => [outerName(name), value]));
  return {
    parameters: parameters.map((spec) => ({ ...spec, name: outerName(spec.name) })),
    state: state.map((spec) => ({ ...spec, name: outerName(spec.name) })),
    noise: outer(noise),
    outer,
    inner: (tensors) =>
      Object.fromEntries(
        Object.entries(tensors).flatMap(([name, tensor]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
        ),
      ),
  };
}
