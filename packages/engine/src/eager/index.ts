export { createEagerEngine } from './eagerEngine.ts';
