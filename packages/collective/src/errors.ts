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

/** What an arena was asked to hold. */
export interface ArenaDemand {
  readonly bytes: number;
  /** Bytes that one can have here. */
  readonly limit: number;
  /** Numbers that are trained or averaged. */
  readonly parameters: number;
  /** Parameters, optimizer state and a single gradient: what no micro-batch can spare. */
  readonly modelBytes: number;
  /** The tensor with most numbers. */
  readonly largest: { readonly name: string; readonly shape: readonly number[] } | undefined;
  readonly slots: number;
}

export class ArenaTooLargeError extends CollectiveError {
  constructor(demand: ArenaDemand, options?: ErrorOptions) {
    super({ code: 'RUN_ARENA_TOO_LARGE', where: 'arena', ...tooLarge(demand) }, options);
  }
}

function tooLarge({
  bytes,
  limit,
  parameters,
  modelBytes,
  largest,
  slots,
}: ArenaDemand): Pick<Details, 'expected' | 'got' | 'fix'> {
  const model = `a model of ${parameters.toLocaleString('en-US')} parameters`;
  if (modelBytes > limit) {
    const most = largest ? `, most of them in ${largest.name} [${largest.shape.join(', ')}]` : '';
    return {
      expected: `a model that fits into ${inGiB(limit)} with its optimizer's state and a gradient`,
      got: `${model}${most}: ${inGiB(modelBytes)} (${modelBytes} bytes)`,
      fix: 'Make the model smaller, or use a machine with more memory; one arena holds at most 4 GiB.',
    };
  }
  return {
    expected: 'memory for parameters, optimizer state and gradient slots',
    got: `${model} with ${slots} gradient slots, and no room for their ${inGiB(bytes)} (${bytes} bytes)`,
    fix: 'Use a larger --micro-batch (fewer gradient slots), a smaller model, or a machine with more memory; one arena holds at most 4 GiB.',
  };
}

const inGiB = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
