export { findKnownData, getData } from './getData.ts';
export type { GetOptions, GetProgress, GetResult } from './getData.ts';
export { knownData } from './knownData.ts';
export type { KnownData, RemoteFile } from './knownData.ts';
