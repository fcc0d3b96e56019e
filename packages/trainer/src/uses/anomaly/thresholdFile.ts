/** A fitted threshold as a JSON file: all that it takes to score more examples alike. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { RunError } from '../../errors.ts';
import { makeFoldersFor } from '../../run/makeFolders.ts';
import { weightsSha256 } from '../../run/weightsSha256.ts';
import { writeFileAtomically } from '../../run/writeFileAtomically.ts';
import type { TrainedModel } from '../openTrained.ts';
import { ANOMALY_SCORES } from './anomalyScores.ts';

const thresholdSchema = z.object({
  /** What scores more is anomalous. Nats. */
  threshold: z.number(),
  score: z.enum(ANOMALY_SCORES),
  draws: z.int().min(1),
  seed: z.int().min(0),
  /** Wanted of new normal examples. */
  falsePositiveRate: z.number(),
  /** What it was fitted on. */
  heldOut: z.object({
    source: z.string(),
    /** Of the run's own data. */
    part: z.string().optional(),
    /** Normal ones. */
    examples: z.int(),
    /** Share of them that scores more. */
    exceeded: z.number(),
  }),
  model: z.string(),
  checkpoint: z.string(),
  step: z.int(),
  weightsSha256: z.string(),
  /** Of a table: the mean loss of each column over the normal examples. */
  columnLosses: z.record(z.string(), z.number()).optional(),
});

export type FittedThreshold = Readonly<z.infer<typeof thresholdSchema>>;

/** @throws RunError */
export async function writeThreshold(path: string, fitted: FittedThreshold): Promise<void> {
  await makeFoldersFor(path);
  await writeFileAtomically(path, `${JSON.stringify(fitted, undefined, 2)}\n`);
}

/** @throws RunError where it is no such file, or was fitted with other weights */
export async function readThreshold(path: string, trained: TrainedModel): Promise<FittedThreshold> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw badFile(path, error instanceof Error ? error.message : String(error));
  });
  const parsed = thresholdSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badFile(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'something else'}`);
  }
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badFile(path: string, got: string): RunError {
  return new RunError({
    code: 'RUN_BAD_THRESHOLD',
    where: path,
    expected: 'a threshold as `lockstep anomaly fit` writes it',
    got,
    fix: 'Check the path, or fit it again.',
  });
}
