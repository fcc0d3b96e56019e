/** Fetches a well-known set of data, or says which there are. */
import { join } from 'node:path';
import type { GetProgress, GetResult } from '@lockstep/trainer/datasets';
import type { Context } from '../context.ts';
import type { DataGetFlags } from '../dataProgram.ts';
import { EXIT } from '../exitCode.ts';
import { onInterrupt } from '../interrupts.ts';
import { plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { StatusLine } from '../report/statusLine.ts';
import { writeJson } from '../report/writeJson.ts';

const STOPPED = 'Stopped. What has come is kept; run it again to go on.\n';
const MEGABYTE = 1e6;

/** Returns the exit code. */
export async function dataGetCommand(
  name: string | undefined,
  flags: DataGetFlags,
  context: Context,
): Promise<number> {
  if (name === undefined) return listKnown(flags, context);
  const { json = false, quiet = false, out = join('data', name) } = flags;
  const { stdout, stderr, now } = context;
  const line = new StatusLine(stdout, now);
  const interrupted = new AbortController();
  const stopListening = onInterrupt(context.signals, {
    now,
    first: () => interrupted.abort(),
    second: () => context.die(),
  });
  const signal = AbortSignal.any([interrupted.signal, context.outputClosed]);
  let file = 0;
  const onProgress = (progress: GetProgress): void => {
    if (json && progress.file !== file) writeJson(stdout, { event: 'get', ...progress });
    file = progress.file;
    if (!json && !quiet && stdout.isTTY === true) line.draw(() => progressText(progress));
  };
  try {
    const { findKnownData, getData } = await import('@lockstep/trainer/datasets');
    const result = await getData(findKnownData(name), { folder: out, signal, onProgress });
    line.clear();
    if (json) writeJson(stdout, { event: 'done', ...result });
    else stdout.write(quiet ? `${result.data}\n` : resultText(result));
    return EXIT.ok;
  } catch (error) {
    if (!signal.aborted) throw error;
    line.clear();
    if (json) writeJson(stdout, { event: 'interrupted' });
    else stderr.write(STOPPED);
    return EXIT.interrupted;
  } finally {
    stopListening();
    line.clear();
  }
}

async function listKnown({ json }: DataGetFlags, { stdout }: Context): Promise<number> {
  const { knownData } = await import('@lockstep/trainer/datasets');
  const { renderTable } = await import('../report/table.ts');
  if (json) {
    for (const { name, title, licence, home, megabytes } of knownData) {
      writeJson(stdout, { event: 'known', name, title, licence, home, megabytes });
    }
    return EXIT.ok;
  }
  stdout.write(
    renderTable(
      knownData.map(({ name, title, licence, megabytes }) => [
        name,
        `${megabytes} MB`,
        title,
        licence,
      ]),
    ),
  );
  return EXIT.ok;
}

function progressText({ file, files, name, done, total }: GetProgress): string {
  const of = total > 0 ? `/${(total / MEGABYTE).toFixed(1)}` : '';
  return `${name} (${file} of ${files}): ${(done / MEGABYTE).toFixed(1)}${of} MB`;
}

function resultText({ title, licence, home, folder, files, data, present }: GetResult): string {
  const what = present ? 'It was there already' : `${plural(files.length, 'file')}, checked`;
  return (
    `${title}\nLicence: ${licence}; ${home}\n${what}, in ${shownPath(folder)}\n` +
    `To look at it: lockstep data info ${shownPath(data)}\n`
  );
}
