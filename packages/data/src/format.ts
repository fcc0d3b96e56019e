/**
 * What the values of examples mean, and how more of the same are read: found from the training part,
 * kept in each checkpoint, plain JSON.
 */
export interface ImageFormat {
  readonly kind: 'image';
  /** Names of the labels, where folders or files name them. */
  readonly classNames?: readonly string[];
}

/** Numbers of which no more is known. */
export interface ArrayFormat {
  readonly kind: 'array';
}

export type DataFormat = ImageFormat | ArrayFormat;
export type DataKind = DataFormat['kind'];
