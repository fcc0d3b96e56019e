/** What metrics may lack: functions of the model, labels, factors, examples. */
import type { DataKind } from '@lockstep/data';
import { elementCount } from '../run/namedTensor.ts';
import type { Lack, MetricInputs } from './metric.ts';

/** The first thing that is lacking. */
export function firstLack(
  ...checks: readonly ((inputs: MetricInputs) => Lack | undefined)[]
): (inputs: MetricInputs) => Lack | undefined {
  return (inputs) => {
    for (const check of checks) {
      const lack = check(inputs);
      if (lack) return lack;
    }
    return undefined;
  };
}

/** A function of the model with these outputs, that reads only what data has. */
export function lacksFunction(name: string, ...outputs: readonly string[]) {
  return ({ model }: MetricInputs): Lack | undefined => {
    const { functions = {} } = model;
    const fn = functions[name];
    const complete = fn && outputs.every((output) => fn.outputs[output] !== undefined);
    const readable = Object.keys(fn?.inputs ?? {}).every((key) => key === 'x' || key === 'label');
    if (complete && readable) return undefined;
    const returned = outputs.length > 0 ? ` that returns ${outputs.join(' and ')}` : '';
    const has = fn
      ? `one of ${Object.keys(fn.inputs).join(', ') || 'nothing'} that returns ${Object.keys(fn.outputs).join(', ')}`
      : Object.keys(functions).join(', ') || 'a model without functions';
    return {
      expected: `a model function \`${name}\`${returned}`,
      got: `${has}, in model ${model.name}`,
      fix: `Leave the metric out, or give the model functions.${name}.`,
    };
  };
}

export function lacksLabels({ data, example }: MetricInputs): Lack | undefined {
  if (example.classes !== undefined && example.classes > 1) {
    const unlabelled = (['train', 'test'] as const).find(
      (part) => !data.labels[part]?.some((label) => label >= 0),
    );
    return (
      unlabelled && {
        expected: 'labels to learn from, and others to judge by',
        got: `${data[unlabelled].source}, none of whose labels that training has a name for is known`,
        fix: 'Leave the metric out, or evaluate a run on data with labels.',
      }
    );
  }
  return {
    expected: 'data with labels of two or more classes',
    got: `${data.test.source}, which has ${example.classes === undefined ? 'none' : 'one class'}`,
    fix: 'Leave the metric out, or evaluate a run on data with labels.',
  };
}

/** The kinds of data whose values are all of one kind, numbers: images, arrays and spectrograms. */
const KINDS_OF_NUMBERS: readonly DataKind[] = ['image', 'array', 'audio'];

/** What is a mean over the values of an example needs values that are alike. */
export function lacksNumbers({ data }: MetricInputs): Lack | undefined {
  const { kind } = data.test.format;
  if (KINDS_OF_NUMBERS.includes(kind)) return undefined;
  return {
    expected: 'images, arrays or audio, whose values are all numbers on one scale',
    got: `data of kind ${kind}`,
    fix: `Leave the metric out${kind === 'text' ? '; of text, bpc is bits per character' : ''}.`,
  };
}

/** Data of one kind, which a preset is for. */
export function lacksKind(wanted: DataKind, preset: string) {
  return ({ data }: MetricInputs): Lack | undefined => {
    const { kind } = data.test.format;
    if (kind === wanted) return undefined;
    return {
      expected: wanted,
      got: `data of kind ${kind}`,
      fix: `Leave the metric out, or evaluate a run on ${wanted} (preset ${preset}).`,
    };
  };
}

export function lacksFactors({ data }: MetricInputs): Lack | undefined {
  if (data.factors.test) return undefined;
  return {
    expected: 'data whose factors of variation are known',
    got: `${data.test.source}, whose are not`,
    fix: 'Leave the metric out, or train on --data sprites.',
  };
}

/** Statistics over the examples need more of them than there are latent dimensions. */
export function lacksExamples({ model, data }: MetricInputs): Lack | undefined {
  const dim = elementCount(model.functions?.['encode']?.outputs['mu'] ?? []);
  return tooFew(data.test.count, dim, `latent dimensions (${dim})`);
}

export function tooFew(count: number, least: number, what: string): Lack | undefined {
  if (count > least) return undefined;
  return {
    expected: `more test examples than ${what}`,
    got: `${count}`,
    fix: 'Leave the metric out, test on more data, or train a model with fewer dimensions.',
  };
}
