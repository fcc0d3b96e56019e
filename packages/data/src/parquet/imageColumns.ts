/**
 * Which columns of a Parquet file hold pictures and labels. Pictures are bytes, or a struct of `bytes` and
 * `path` as Hugging Face's datasets have it, whose schema also names the classes (in the file's metadata).
 */
import type { FileMetaData, SchemaTree } from 'hyparquet';

export interface ImageColumns {
  readonly image: string;
  readonly label?: string;
  readonly classNames?: readonly string[];
}

const labelNames = ['label', 'labels', 'fine_label', 'class', 'target', 'y'];

/** Undefined where no column is of bytes. `schema`: as `parquetSchema` tells it. */
export function findImageColumns(
  metadata: FileMetaData,
  { children }: SchemaTree,
): ImageColumns | undefined {
  const image = children.find(isBytes) ?? children.find(isStructOfBytes);
  if (!image) return undefined;
  const label = labelNames
    .map((name) => children.find(({ element }) => element.name === name))
    .find((column) => column?.children.length === 0);
  const classNames = label && namesOf(metadata, label.element.name);
  return {
    image: image.element.name,
    ...(label && { label: label.element.name }),
    ...(classNames && { classNames }),
  };
}

/** Bytes that are not said to be text or anything else. */
function isBytes({ element, children }: SchemaTree): boolean {
  const { type, converted_type, logical_type } = element;
  const isPlain = converted_type === undefined && logical_type === undefined;
  return type === 'BYTE_ARRAY' && isPlain && children.length === 0;
}

function isStructOfBytes({ children }: SchemaTree): boolean {
  return children.some((child) => child.element.name === 'bytes' && isBytes(child));
}

/** Names of a class label in the features that Hugging Face writes down. */
function namesOf(metadata: FileMetaData, label: string): readonly string[] | undefined {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  try {
    const told = JSON.parse(text) as {
      info?: { features?: Record<string, { names?: unknown } | undefined> };
    };
    const names = told.info?.features?.[label]?.names;
    return Array.isArray(names) && names.every((name) => typeof name === 'string')
      ? names
      : undefined;
  } catch {
    return undefined; // a remark that is none
  }
}
