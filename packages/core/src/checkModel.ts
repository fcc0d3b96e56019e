/**
 * Checks what a user wrote against the model contract, before anything runs. What `loss` returns is
 * known only when it runs, and whether the data fits only when there is data: engine and data say so.
 */
import { describe } from './describe.ts';
import { ModelError } from './errors.ts';
import type { Model } from './model.ts';

type Fields = Readonly<Record<string, unknown>>;

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;
const NAME_RULE = 'a name of letters, digits, "_", "-", "." and "/", such as "encoder/kernel"';
const MAX_RANK = 6; // tfjs's largest
const DISTRIBUTIONS: readonly unknown[] = ['normal', 'uniform'];
const INITIALIZER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  constant: ['value'],
  uniform: ['low', 'high'],
  normal: ['mean', 'stddev'],
};

function requireThat(
  holds: boolean,
  code: `MODEL_${string}`,
  details: { where: string; expected: string; value: unknown; fix: string },
): asserts holds {
  const { where, expected, value, fix } = details;
  if (!holds) throw new ModelError({ code, where, expected, got: describe(value), fix });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkName(where: string, value: unknown): asserts value is string {
  const fix = 'Rename it.';
  const holds = typeof value === 'string' && NAME.test(value);
  requireThat(holds, 'MODEL_NAME', { where, expected: NAME_RULE, value, fix });
}

function checkUnique(where: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  requireThat(twice === undefined, 'MODEL_DUPLICATE_NAME', {
    where,
    expected: 'every name once',
    value: twice,
    fix: 'Give each a name of its own.',
  });
}

function checkShape(where: string, value: unknown): void {
  const holds =
    Array.isArray(value) &&
    value.length <= MAX_RANK &&
    value.every((n) => Number.isInteger(n) && n > 0);
  requireThat(holds, 'MODEL_SHAPE', {
    where: `${where}, shape`,
    expected: `at most ${String(MAX_RANK)} positive integers, such as [28, 28, 1], or [] for a scalar`,
    value,
    fix: 'Correct the shape.',
  });
}

function checkInitializer(where: string, value: unknown): void {
  const fields = isFields(value) && INITIALIZER_FIELDS[String(value['kind'])];
  const holds =
    isFields(value) &&
    Array.isArray(fields) &&
    fields.every((field) => Number.isFinite(value[String(field)]));
  requireThat(holds, 'MODEL_INITIALIZER', {
    where: `${where}, init`,
    expected:
      'an initialiser with finite numbers, such as { kind: "normal", mean: 0, stddev: 0.1 }',
    value,
    fix: 'Use zeros(), constant(value), heNormal({ fanIn, fanOut }) or another of the initialisers.',
  });
}

function checkParameters(model: string, value: unknown): void {
  const where = `${model}, parameters`;
  const holds = Array.isArray(value) && value.length > 0;
  const expected = 'an array of at least one { name, shape, init }';
  const fix = 'List the parameters to train.';
  requireThat(holds, 'MODEL_PARAMETERS', { where, expected, value, fix });

  const names: string[] = [];
  for (const [i, spec] of value.entries()) {
    const at = `${where}[${String(i)}]`;
    requireThat(isFields(spec), 'MODEL_PARAMETERS', { where: at, expected, value: spec, fix });
    checkName(`${at}, name`, spec['name']);
    const named = `${model}, parameter "${spec['name']}"`;
    checkShape(named, spec['shape']);
    checkInitializer(named, spec['init']);
    names.push(spec['name']);
  }
  checkUnique(where, names);
}

function entriesOf(where: string, value: unknown): readonly (readonly [string, unknown])[] {
  requireThat(isFields(value), 'MODEL_FIELD', {
    where,
    expected: 'an object by name (which may be empty)',
    value,
    fix: 'Add it to the model.',
  });
  for (const name of Object.keys(value)) checkName(`${where}, name`, name);
  return Object.entries(value);
}

function checkShapes(where: string, value: unknown): void {
  for (const [name, shape] of entriesOf(where, value)) checkShape(`${where} "${name}"`, shape);
}

function checkNoise(where: string, value: unknown): void {
  for (const [name, spec] of entriesOf(where, value)) {
    const at = `${where} "${name}"`;
    const holds = isFields(spec) && DISTRIBUTIONS.includes(spec['distribution']);
    const expected = '{ shape, distribution: "normal" or "uniform" }';
    const fix = 'Declare the shape of one example, and the distribution.';
    requireThat(holds, 'MODEL_NOISE', { where: at, expected, value: spec, fix });
    checkShape(at, spec['shape']);
  }
}

function checkMetrics(model: string, value: unknown): void {
  const where = `${model}, metrics`;
  const fix = 'Use [] for none.';
  const holds = Array.isArray(value);
  requireThat(holds, 'MODEL_METRICS', { where, expected: 'an array of names', value, fix });
  const names = value.map((name: unknown) => {
    checkName(where, name);
    return name;
  });
  checkUnique(where, ['loss', ...names]);
}

function checkFunction(where: string, value: unknown): void {
  const holds = typeof value === 'function';
  const fix = 'Write it as a function of tensors.';
  requireThat(holds, 'MODEL_FUNCTION', { where, expected: 'a function', value, fix });
}

/**
 * Returns `value` as a model if it has the contract's structure. Throws MODEL_FIELD, MODEL_NAME,
 * MODEL_DUPLICATE_NAME, MODEL_PARAMETERS, MODEL_SHAPE, MODEL_INITIALIZER, MODEL_NOISE,
 * MODEL_METRICS, MODEL_FUNCTION.
 */
export function checkModel(value: unknown): Model {
  requireThat(isFields(value), 'MODEL_FIELD', {
    where: 'model',
    expected: 'an object with name, parameters, inputs, noise, metrics and loss',
    value,
    fix: 'Return such an object from the model factory.',
  });
  checkName('model, name', value['name']);
  const model = `model "${value['name']}"`;
  checkParameters(model, value['parameters']);
  checkShapes(`${model}, input`, value['inputs']);
  checkNoise(`${model}, noise`, value['noise']);
  checkMetrics(model, value['metrics']);
  checkFunction(`${model}, loss`, value['loss']);
  if (value['functions'] !== undefined) {
    for (const [name, fn] of entriesOf(`${model}, functions`, value['functions'])) {
      const where = `${model}, function "${name}"`;
      requireThat(isFields(fn), 'MODEL_FUNCTION', {
        where,
        expected: 'an object with inputs, noise, outputs and apply',
        value: fn,
        fix: 'Declare what goes in and what comes out beside apply.',
      });
      checkShapes(`${where}, input`, fn['inputs']);
      checkNoise(`${where}, noise`, fn['noise']);
      checkShapes(`${where}, output`, fn['outputs']);
      checkFunction(`${where}, apply`, fn['apply']);
    }
  }
  return value as unknown as Model;
}
