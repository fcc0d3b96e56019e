import { runProgram } from './runProgram.ts';

/** A C++ compiler: what CXX names, or one of the usual. Undefined where there is none. */
export async function findCompiler(
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const named = environment['CXX'];
  for (const compiler of named ? [named] : ['c++', 'g++', 'clang++']) {
    const { code } = await runProgram(compiler, ['--version'], { environment, signal });
    if (code === 0) return compiler;
  }
  return undefined;
}
