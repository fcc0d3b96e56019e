/** Names of the tfjs scopes that are open right now: where in the model a kernel was called. */
import { engine } from '@tensorflow/tfjs-core';

/** tfjs opens one scope per operation (`conv2d__op`), per named tidy, and around each gradient pass. */
const operationSuffix = '__op';
const silent = new Set(['unnamed scope', 'forward']);

const openScopes = (): string[] => engine().state.scopeStack.map(({ name }) => name);
const withoutSuffix = (name: string): string =>
  name.endsWith(operationSuffix) ? name.slice(0, -operationSuffix.length) : name;

/** `encoder/dense1/matMul`, `backward/conv2DBackpropFilter`; empty outside every scope. */
export const scopePath = (): string =>
  openScopes()
    .filter((name) => !silent.has(name))
    .map(withoutSuffix)
    .join('/');

/** tfjs operations that are running, outermost first; no scopes of the model's own. */
export const openOperations = (): string[] =>
  openScopes()
    .filter((name) => name.endsWith(operationSuffix))
    .map(withoutSuffix);
