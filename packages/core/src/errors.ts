/** A model, or something asked of a model, that cannot be: where, what, and how to mend it. */
export interface ModelErrorDetails {
  /** Stable, upper-case: `MODEL_LOSS_SHAPE`. */
  readonly code: `MODEL_${string}`;
  /** The model, parameter, option or output at fault. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

export class ModelError extends Error implements ModelErrorDetails {
  readonly code: `MODEL_${string}`;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: ModelErrorDetails) {
    super(`${details.where}: expected ${details.expected}, got ${details.got}. ${details.fix}`);
    this.name = 'ModelError';
    this.code = details.code;
    this.where = details.where;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = details.fix;
  }
}
