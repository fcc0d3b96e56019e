/**
 * Plots: a Vega-Lite specification drawn to a file, SVG or PNG by the file's name. Vega needs no
 * browser and no fonts of its own; a PNG's text is set in what fonts the machine has.
 */
import { extname } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { ConfigError } from '../errors.ts';
import { checkOutput } from '../run/checkOutput.ts';
import type { FileSet } from '../run/fileSet.ts';

export type PlotSpec = TopLevelSpec;
/** One of several plots that lie over each other. */
export type PlotLayer = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'][number];

/** Pixels of a PNG for each unit of the specification. */
const PNG_SCALE = 2;
const SVG_DPI = 72;

/** @throws ConfigError unless the name ends in .svg or .png; RunError where the file cannot be written */
export function checkPlotPath(path: string, where = '--out'): void {
  if (['.svg', '.png'].includes(extname(path).toLowerCase())) return checkOutput(path, where);
  throw new ConfigError({
    code: 'CONFIG_PLOT_FILE',
    where,
    expected: 'a file name that ends in .svg or .png',
    got: path,
    fix: 'Name it so.',
  });
}

/** One of the files of a result. Loads the drawing library at the first call: nothing else needs it. */
export async function drawPlot(spec: PlotSpec, path: string, files: FileSet): Promise<void> {
  const svg = await drawSvg(spec);
  const isPng = extname(path).toLowerCase() === '.png';
  await files.write(path, isPng ? await toPng(svg) : new TextEncoder().encode(svg));
}

async function drawSvg(spec: PlotSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Vega marks the data it is given.
  const { spec: drawing } = compile(structuredClone(spec));
  const view = new vega.View(vega.parse(drawing), { renderer: 'none' });
  try {
    return withOwnNames(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Vega numbers a file's clip paths on from the file before; the same plot shall give the same bytes. */
function withOwnNames(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/(id="|url\(#)(clip\d+)/g, (_, before: string, name: string) => {
    const own = names.get(name) ?? `clip${names.size + 1}`;
    names.set(name, own);
    return before + own;
  });
}

async function toPng(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(new TextEncoder().encode(svg), { density: SVG_DPI * PNG_SCALE })
    .png({ palette: true })
    .toBuffer();
}
