/**
 * Sums Vitest's JSON reports in a folder and prints `PASSED FAILED SKIPPED`. A file that could not
 * be loaded has no tests in its report: it counts as one failed.
 *
 *   node countTests.mjs FOLDER
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of readdirSync(folder)) {
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else if (status === 'failed') failed += 1;
      else skipped += 1;
    }
  }
}
console.log(`${passed} ${failed} ${skipped}`);
