/** What stands between a value in JSON and numbers in a model. */

/** Plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ValueCodec {
  /** What a value looks like. */
  readonly schema: JsonSchema;
  /** What `decode` gives looks like. */
  readonly answer: JsonSchema;
  /** One that is right, as far as that can be said. */
  readonly example: unknown;
  /** The numbers of one example. @throws InputError that says `where` */
  encode(value: unknown, where: string): Float32Array;
  /**
   * What finite numbers say.
   * @throws InputError that says `where`, of the input: a value in the data's own unit is not finite
   */
  decode(values: Float32Array, where: string): unknown;
}
