/** Stable codes of everything that can be wrong with data. */
export type DataErrorCode =
  | 'DATA_NOT_FOUND'
  | 'DATA_UNREADABLE'
  | 'DATA_EMPTY'
  | 'DATA_EMPTY_PART'
  | 'DATA_TRUNCATED'
  | 'DATA_SIZE_MISMATCH'
  | 'DATA_BAD_GZIP'
  | 'DATA_BAD_ZIP'
  | 'DATA_BAD_PARQUET'
  | 'DATA_BAD_MAGIC'
  | 'DATA_BAD_HEADER'
  | 'DATA_WRONG_KIND'
  | 'DATA_DTYPE'
  | 'DATA_FORTRAN_ORDER'
  | 'DATA_NOT_UINT8'
  | 'DATA_NOT_FINITE'
  | 'DATA_RANK'
  | 'DATA_COUNT_MISMATCH'
  | 'DATA_BAD_LABEL'
  | 'DATA_AMBIGUOUS'
  | 'DATA_BROKEN_IMAGE'
  | 'DATA_IMAGE_SIZE'
  | 'DATA_IMAGE_COLOR'
  | 'DATA_BROKEN_AUDIO'
  | 'DATA_AUDIO_FORMAT'
  | 'DATA_UNKNOWN_CLASS'
  | 'DATA_SHAPE_MISMATCH'
  | 'DATA_OPTION'
  | 'DATA_OUT_OF_MEMORY'
  | 'DATA_MODEL_SHAPE'
  | 'DATA_MODEL_INPUT'
  | 'DATA_MODEL_VALUES'
  | 'DATA_MISSING_VALUES'
  | 'DATA_MEMORY_LIMIT'
  | 'DATA_NOT_SPOOLED'
  | 'DATA_NO_LABELS'
  | 'DATA_NETWORK'
  | 'DATA_CHECKSUM'
  | 'DATA_NOT_KNOWN'
  | 'DATA_ENCODING'
  | 'DATA_TEXT_LINE'
  | 'DATA_UNKNOWN_CHARACTER'
  | 'DATA_RATINGS_ROW'
  | 'DATA_RATINGS_ITEM'
  | 'DATA_RATINGS_USER'
  | 'DATA_FORMAT'
  | 'DATA_TABLE_ROW'
  | 'DATA_TABLE_QUOTE'
  | 'DATA_TABLE_HEADER'
  | 'DATA_TABLE_LOCALE'
  | 'DATA_TABLE_VALUE'
  | 'DATA_TABLE_COLUMNS'
  | 'DATA_TABLE_UNSEEN'
  | 'DATA_TABLE_SCHEMA';

/** What is wrong, as plain data that structured clone carries out of a decoding thread. */
export interface DataErrorDetails {
  readonly code: DataErrorCode;
  /** The file, folder or option. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

export class DataError extends Error implements DataErrorDetails {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: DataErrorDetails, options?: ErrorOptions) {
    const { code, where, expected, got, fix } = details;
    super(`${where}: expected ${expected}, got ${got}. ${fix}`, options);
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.got = got;
    this.fix = fix;
  }
}
