/** Errors that reach the user: where, what was expected, what came, and how to mend it. */
interface Details {
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

export class CollectiveError extends Error {
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: Details, options?: ErrorOptions) {
    super(
      `${details.where}: expected ${details.expected}, got ${details.got}. ${details.fix}`,
      options,
    );
    this.name = new.target.name;
    this.code = details.code;
    this.where = details.where;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = details.fix;
  }
}

export class ArenaTooLargeError extends CollectiveError {
  constructor(bytes: number, options?: ErrorOptions) {
    super(
      {
        code: 'RUN_ARENA_TOO_LARGE',
        where: 'arena',
        expected: 'memory for parameters, optimizer state and gradient slots',
        got: `no room for the ${(bytes / 2 ** 30).toFixed(2)} GiB it asks for (${bytes} bytes)`,
        fix: 'Use a larger --micro-batch (fewer gradient slots), a smaller model, or a machine with more memory; one arena holds at most 4 GiB.',
      },
      options,
    );
  }
}
