/** A fitted threshold as a JSON file: all that it takes to score more examples alike. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { describe, describeError } from '../../config/describe.ts';
import { RunError } from '../../errors.ts';
import { makeFoldersFor } from '../../run/makeFolders.ts';
import { weightsSha256 } from '../../run/weightsSha256.ts';
import { writeFileAtomically } from '../../run/writeFileAtomically.ts';
import type { TrainedModel } from '../openTrained.ts';
import { unreadable } from '../unreadable.ts';
import { ANOMALY_SCORES } from './anomalyScores.ts';

/** Each message says what is expected. */
const expected = (what: string) => ({ error: what });
const A_NUMBER = z.number(expected('a number'));
const A_COUNT = z.int(expected('a whole number')).min(0, expected('a whole number of at least 0'));
const A_TEXT = z.string(expected('a text'));
const AN_OBJECT = expected('an object');

const thresholdSchema = z.object(
  {
    /** What scores more is anomalous. Nats. */
    threshold: A_NUMBER,
    score: z.enum(ANOMALY_SCORES, expected(ANOMALY_SCORES.join(' or '))),
    draws: z.int(expected('a whole number')).min(1, expected('a whole number of at least 1')),
    seed: A_COUNT,
    /** Wanted of new normal examples. */
    falsePositiveRate: A_NUMBER,
    /** What it was fitted on. */
    heldOut: z.object(
      {
        source: A_TEXT,
        /** Of the run's own data. */
        part: A_TEXT.optional(),
        /** Normal ones. */
        examples: A_COUNT,
        /** Share of them that scores more. */
        exceeded: A_NUMBER,
      },
      AN_OBJECT,
    ),
    model: A_TEXT,
    checkpoint: A_TEXT,
    step: A_COUNT,
    weightsSha256: A_TEXT,
    /** Of a table: the mean loss of each column over the normal examples. */
    columnLosses: z.record(z.string(), A_NUMBER, AN_OBJECT).optional(),
  },
  AN_OBJECT,
);

export type FittedThreshold = Readonly<z.infer<typeof thresholdSchema>>;

/** @throws RunError */
export async function writeThreshold(path: string, fitted: FittedThreshold): Promise<void> {
  await makeFoldersFor(path);
  await writeFileAtomically(path, `${JSON.stringify(fitted, undefined, 2)}\n`);
}

/** @throws RunError where it is no such file, or was fitted with other weights */
export async function readThreshold(path: string, trained: TrainedModel): Promise<FittedThreshold> {
  const value = await readJson(path);
  const parsed = thresholdSchema.safeParse(value);
  if (!parsed.success) throw badField(path, value, parsed.error.issues[0]);
  const { weightsSha256: fitted, checkpoint } = parsed.data;
  if (fitted !== weightsSha256(trained.parameters)) {
    throw new RunError({
      code: 'RUN_OTHER_THRESHOLD',
      where: path,
      expected: `a threshold fitted with the weights of ${trained.checkpoint}`,
      got: `one of ${checkpoint}, whose weights are others`,
      fix: 'Run `lockstep anomaly fit` with this run, or score with that checkpoint.',
    });
  }
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw badFile(path, { expected: A_THRESHOLD, got: unreadable(error) });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const got = `text that is none (${describeError(error)})`;
    throw badFile(path, { expected: `${A_THRESHOLD}: JSON`, got });
  }
}

const A_THRESHOLD = 'a threshold as `lockstep anomaly fit` writes it';

function badField(path: string, value: unknown, issue: z.core.$ZodIssue | undefined): RunError {
  if (!issue) throw new Error('zod refused a threshold without an issue');
  const field = issue.path.reduce<unknown>(
    (of, key) => (typeof of === 'object' && of !== null ? Reflect.get(of, key) : undefined),
    value,
  );
  const place = issue.path.length > 0 ? `${path}, "${issue.path.join('.')}"` : path;
  const what = issue.path.length > 0 ? issue.message : A_THRESHOLD;
  return badFile(place, { expected: what, got: describe(field) });
}

function badFile(
  where: string,
  { expected: what, got }: { readonly expected: string; readonly got: string },
): RunError {
  return new RunError({
    ...{ code: 'RUN_BAD_THRESHOLD', where, expected: what, got },
    fix: 'Name a file that `lockstep anomaly fit --out FILE` wrote, as it wrote it.',
  });
}
