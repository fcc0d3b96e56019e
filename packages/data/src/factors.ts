/** What an example was made of, where that is known: one value of each factor. */
export interface FactorSpec {
  readonly name: string;
  /** Values are 0 ... size - 1. */
  readonly size: number;
  /** Whether the order of the values means something, as a position's does and a shape's does not. */
  readonly ordered: boolean;
}

export interface FactorTable {
  readonly specs: readonly FactorSpec[];
  /** Example after example, in the order of `specs`. [count * specs.length] */
  readonly values: Uint8Array;
}

/** The factors of the examples at `positions`, or of all. */
export function factorsAt(table: FactorTable, positions: Uint32Array | undefined): FactorTable {
  if (!positions) return table;
  const size = table.specs.length;
  const values = new Uint8Array(positions.length * size);
  positions.forEach((from, to) => {
    values.set(table.values.subarray(from * size, (from + 1) * size), to * size);
  });
  return { specs: table.specs, values };
}
