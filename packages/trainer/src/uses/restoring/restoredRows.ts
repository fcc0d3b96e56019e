/** What the commands that restore examples share: a model's functions run over some, and pictures of them. */
import type { DataFormat } from '@lockstep/data';
import { required } from '../../modelFunctions.ts';
import { isImageShape } from '../../pictures.ts';
import { drawnImages } from '../../run/exampleImages.ts';
import { stackedGrid } from '../../run/imageGrid.ts';
import { encodeLabelledPng } from '../../run/labelledGrid.ts';
import { makeFoldersFor } from '../../run/makeFolders.ts';
import { elementCount } from '../../run/namedTensor.ts';
import { writeFileAtomically } from '../../run/writeFileAtomically.ts';
import { checkUse, wrongKind } from '../kindsOfUses.ts';
import type { TrainedModel } from '../openTrained.ts';
import type { Examples } from '../takeExamples.ts';

/** Examples at a time. */
const BLOCK = 128;

/** @throws RunError unless the model's examples are pictures */
export function requirePictures(use: 'denoise' | 'inpaint', trained: TrainedModel): void {
  checkUse(use, trained);
  // Sound may be samples.
  if (!isImageShape(trained.example.shape)) throw wrongKind(use, trained);
}

export interface RowsCall {
  readonly count: number;
  /** By input name, `count` examples each. */
  readonly inputs: Readonly<Record<string, Float32Array | undefined>>;
  /** Told of how many are done. */
  onRows?(done: number): void;
}

/** One output of a function for any number of examples, a block at a time. @throws RunError */
export async function runRows(
  trained: TrainedModel,
  name: string,
  output: string,
  { count, inputs, onRows }: RowsCall,
): Promise<Float32Array<ArrayBuffer>> {
  trained.require(name);
  const known = trained.model.functions?.[name]?.inputs ?? {};
  const given = Object.entries(inputs).filter(([key]) => known[key] !== undefined);
  const size = elementCount(trained.outputShape(name, output));
  const result = new Float32Array(count * size);
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    const cut = (values: Float32Array | undefined): Float32Array => {
      const each = (values?.length ?? 0) / count;
      return values?.subarray(first * each, (first + rows) * each) ?? new Float32Array(0);
    };
    const outputs = await trained.run(name, {
      count: rows,
      seed: 0,
      inputs: Object.fromEntries(given.map(([key, values]) => [key, cut(values)])),
    });
    result.set(required(outputs[output]), first * size);
    onRows?.(first + rows);
  }
  return result;
}

export interface PictureRow {
  readonly name: string;
  /** As many examples as the others, or more. */
  readonly data: Float32Array;
}

interface DrawnKind {
  readonly kind: DataFormat['kind'];
}

/** Rows of pictures below each other, with their names beside them. */
export async function drawRows(
  path: string,
  rows: readonly PictureRow[],
  { kind, count, shape, size }: Pick<Examples, 'count' | 'shape' | 'size'> & DrawnKind,
): Promise<void> {
  const sets = rows.map(({ data }) =>
    drawnImages(kind, { data: data.subarray(0, count * size), shape: [count, ...shape] }),
  );
  const grid = stackedGrid(sets, { columns: count });
  const { png } = await encodeLabelledPng(grid, { rows: rows.map(({ name }) => name) });
  await makeFoldersFor(path);
  await writeFileAtomically(path, png);
}
