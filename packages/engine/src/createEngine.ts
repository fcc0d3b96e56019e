/** Engines by the names users give. Each runtime is imported when it is asked for, and never before. */
import type { Engine, EngineOptions } from './engine.ts';
import { EngineError } from './errors.ts';

/** `onnx`, or `eager:<tfjs backend>`. */
export async function createEngine(name: string, options: EngineOptions = {}): Promise<Engine> {
  if (options.xla === true && !name.startsWith('tensorflow')) throw noXla(name);
  if (name === 'onnx') {
    const { createOnnxEngine } = await import('./onnx/index.ts');
    return createOnnxEngine();
  }
  const [kind, backend, ...rest] = name.split(':');
  if (kind === 'eager' && backend && rest.length === 0) {
    const { createEagerEngine } = await import('./eager/index.ts');
    return createEagerEngine(backend);
  }
  throw new EngineError({
    code: 'ENGINE_UNKNOWN',
    where: 'Engine',
    expected: `one of ${engineNames.join(', ')}`,
    got: `"${name}"`,
    fix: `Did you mean ${nearestEngine(name)}?`,
  });
}

/** Engines that need nothing but this package. `eager:` takes any other tfjs backend too. */
export const engineNames: readonly string[] = ['onnx', 'eager:cpu'];

const noXla = (name: string): EngineError =>
  new EngineError({
    code: 'ENGINE_OPTION',
    where: `Engine "${name}"`,
    expected: 'the engine "tensorflow" where XLA is asked for',
    got: `"${name}"`,
    fix: 'Leave XLA out, or choose the engine tensorflow.',
  });

function nearestEngine(name: string): string {
  const wanted = name.toLowerCase();
  return ['eager', 'cpu', 'tfjs'].some((word) => wanted.includes(word)) ? 'eager:cpu' : 'onnx';
}
