/** Which examples are normal, by their labels. */
import { classNamesOf, labelsNamed } from '@lockstep/data';
import { ConfigError } from '../../errors.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';

export interface NormalChoice {
  /** Labels of normal examples; all others are anomalous. Default: those that training was on alone. */
  readonly normal?: readonly string[];
  /** Labels of anomalous examples; all others are normal. */
  readonly anomalous?: readonly string[];
}

/** What is known of each example: 0 normal, 1 anomalous, -1 not known. */
export interface KnownAnomalies {
  readonly truth: Int8Array;
  /** Examples with a label that training knows no name for, which count as anomalous. */
  readonly unseen: number;
}

/**
 * Undefined where no labels are chosen.
 *
 * In a table, a label that training never saw is none of the normal ones, so with `normal` it is an
 * anomaly's: new kinds of attacks are just that. With `anomalous` nothing can be said of it.
 *
 * @throws ConfigError, DataError
 */
export function knownAnomalies(
  trained: TrainedModel,
  { info, labels }: UseData,
  choice: NormalChoice,
): KnownAnomalies | undefined {
  const asked = choice.normal ?? choice.anomalous;
  if (choice.normal && choice.anomalous) throw both();
  const chosen = asked ?? trained.config.data.onlyLabels;
  if (!chosen) return undefined;
  const where = choice.anomalous ? '--anomalous' : '--normal';
  if (!labels) {
    if (asked) throw noLabels(where, info.source);
    return undefined;
  }
  const names = classNamesOf(trained.format);
  const named = labelsNamed(chosen, { where, names, count: info.classes ?? 0 });
  const isTable = trained.format.kind === 'table';
  let unseen = 0;
  const truth = Int8Array.from(labels, (label) => {
    if (label >= 0) return named.has(label) === (choice.anomalous !== undefined) ? 1 : 0;
    if (!isTable || choice.anomalous) return -1;
    unseen += 1;
    return 1;
  });
  return { truth, unseen };
}

function both(): ConfigError {
  return new ConfigError({
    code: 'CONFIG_CONFLICT',
    where: '--anomalous',
    expected: '--normal or --anomalous',
    got: 'both',
    fix: 'Leave one of them out: what is not the one is the other.',
  });
}

function noLabels(where: string, source: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_NO_LABELS',
    where,
    expected: 'data with labels, which say what is normal',
    got: `${source}, which has none`,
    fix: 'Leave it out, or use data with labels.',
  });
}
