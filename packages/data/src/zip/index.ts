export { zipEntries } from './zipEntries.ts';
export type { ZipEntry } from './zipEntries.ts';
