/** Numbers into a page of docs/benchmarks: medians and spread, the machine, a Markdown table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './lockstep.mjs';

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** @param {number[]} values */
export const spread = (values) => `${count(Math.min(...values))} - ${count(Math.max(...values))}`;

/** @param {number} value */
export const count = (value) => Math.round(value).toLocaleString('en');

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** @param {string} name */
export const version = (name) => {
  /** @type {{ version: string }} */
  const manifest = JSON.parse(
    readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  );
  return manifest.version;
};

/** What the figures of this page were measured on. */
export function machine() {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    `- ${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${memory}`,
    `- ${process.platform} ${release()}, Node ${process.versions.node}, onnxruntime-node ${version('onnxruntime-node')}`,
    `- ${new Date().toISOString().slice(0, 10)}; load average when it began: ${loadavg()[0]?.toFixed(2) ?? '?'}`,
  ].join('\n');
}

/**
 * @param {string} name
 * @param {string} text
 */
export function writePage(name, text) {
  const path = join(root, 'docs/benchmarks', name);
  writeFileSync(path, `${text}\n`);
  console.log(`wrote ${path}`);
}
