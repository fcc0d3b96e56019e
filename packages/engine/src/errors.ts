/** Why the engine refused: a kernel it cannot run, a model that breaks the contract, a wrong buffer. */
export interface EngineErrorDetails {
  /** Stable, upper-case: `ENGINE_UNSUPPORTED_KERNEL`, `MODEL_LOSS_SHAPE` ... */
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

export class EngineError extends Error implements EngineErrorDetails {
  override readonly name = 'EngineError';
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: EngineErrorDetails, options?: ErrorOptions) {
    const { where, expected, got, fix } = details;
    super(`${where}: expected ${expected}, got ${got}. ${fix}`, options);
    this.code = details.code;
    this.where = where;
    this.expected = expected;
    this.got = got;
    this.fix = fix;
  }
}
