import { EngineError } from '../errors.ts';

/** Of TensorFlow: the version that tfjs-node brings along. */
export const oldest = [2, 9] as const;

export const broken = (path: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_LIBRARY_BROKEN',
    where: `Engine "tensorflow", ${path}`,
    expected: `TensorFlow ${oldest.join('.')} or newer for ${process.platform} ${process.arch}`,
    got,
    fix: 'Run `lockstep setup tensorflow` again, or name another folder in LOCKSTEP_TENSORFLOW.',
  });
