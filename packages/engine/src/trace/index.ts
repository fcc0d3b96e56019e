export { traceFunction } from './traceFunction.ts';
