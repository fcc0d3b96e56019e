/** A Python that has pip. Which version it is does not matter: pip is told which one to download for. */
import { runProgram } from './runProgram.ts';
import { setupError } from './setupError.ts';

export interface Pip {
  readonly python: string;
  readonly version: readonly [major: number, minor: number];
}

/** Throws ENGINE_SETUP_PIP. */
export async function findPip(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Pip> {
  const named = environment['LOCKSTEP_PYTHON'];
  const candidates = [...(named ? [named] : []), 'python3', 'python'];
  const tried: string[] = [];
  for (const python of candidates) {
    const args = ['-m', 'pip', '--version', '--disable-pip-version-check'];
    const { code, output } = await runProgram(python, args, { environment, signal });
    const [, major, minor] = /^pip (\d+)\.(\d+)/m.exec(output) ?? [];
    if (code === 0 && major !== undefined) {
      return { python, version: [Number(major), Number(minor)] };
    }
    if (python === named && code === undefined) throw noSuchPython(named);
    tried.push(code === undefined ? `no program ${python}` : `no pip for ${python}`);
  }
  const withoutPip = tried.some((what) => what.startsWith('no pip'));
  throw setupError('PIP', {
    expected: 'a Python with pip, which fetches libtensorflow',
    got: tried.join(', '),
    fix:
      (withoutPip
        ? 'Install pip (Debian, Ubuntu: `sudo apt install python3-pip`; elsewhere: `python3 -m ensurepip --user`)'
        : 'Install Python with pip (Debian, Ubuntu: `sudo apt install python3-pip`; macOS: `brew install python`)') +
      ', or let LOCKSTEP_PYTHON name a Python that has it.',
  });
}

function noSuchPython(named: string) {
  return setupError('PIP', {
    expected: 'the Python that LOCKSTEP_PYTHON names',
    got: `no program ${named}`,
    fix: 'Correct LOCKSTEP_PYTHON, or leave it out: python3 is taken then.',
  });
}
