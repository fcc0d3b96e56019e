/**
 * The Python wheels that have libtensorflow in them, one for each platform and variant. The digests
 * are those of the published files; none but exactly these is unpacked.
 */
import { TENSORFLOW_VERSION } from '../tensorflow/libraryFolder.ts';
import type { LibraryVariant } from '../tensorflow/libraryFolder.ts';
import { setupError } from './setupError.ts';

export interface Wheel {
  /** On the Python package index. */
  readonly package: string;
  readonly version: string;
  /** As pip's `--platform` has it. */
  readonly platform: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Bytes of what we unpack of it, about. */
  readonly unpackedBytes: number;
}

/** pip is told this one whatever Python it runs on; the library itself is the same for all. */
export const WHEEL_PYTHON = { version: '3.11', abi: 'cp311' } as const;

const wheel = (
  name: string,
  platform: string,
  file: Pick<Wheel, 'bytes' | 'sha256' | 'unpackedBytes'>,
): Wheel => ({
  package: name,
  version: TENSORFLOW_VERSION,
  platform,
  file: `${name.replaceAll('-', '_')}-${TENSORFLOW_VERSION}-cp311-cp311-${platform}.whl`,
  ...file,
});

const wheels: Readonly<Record<string, Wheel>> = {
  'linux x64 cpu': wheel('tensorflow-cpu', 'manylinux_2_27_x86_64', {
    bytes: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    unpackedBytes: 853_600_000,
  }),
  'linux x64 gpu': wheel('tensorflow', 'manylinux_2_27_x86_64', {
    bytes: 572_440_367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    unpackedBytes: 1_259_400_000,
  }),
  'linux arm64 cpu': wheel('tensorflow', 'manylinux_2_27_aarch64', {
    bytes: 281_828_020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    unpackedBytes: 883_400_000,
  }),
  'darwin arm64 cpu': wheel('tensorflow', 'macosx_12_0_arm64', {
    bytes: 223_405_849,
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    unpackedBytes: 741_200_000,
  }),
};

/** Throws ENGINE_SETUP_PLATFORM. */
export function wheelFor(
  variant: LibraryVariant,
  platform: string = process.platform,
  architecture: string = process.arch,
): Wheel {
  const here = `${platform} ${architecture}`;
  const found = wheels[`${here} ${variant}`];
  if (found !== undefined) return found;
  const withoutGpu = `${here} cpu` in wheels;
  throw setupError('PLATFORM', {
    expected: `a platform that libtensorflow ${TENSORFLOW_VERSION} is published for (${platformsOf(variant)})`,
    got: here,
    fix: withoutGpu
      ? 'Run `lockstep setup tensorflow` for the library without CUDA.'
      : 'Train with --engine onnx, which needs no set-up (on Windows, the Linux library runs in WSL 2).',
  });
}

const platformsOf = (variant: LibraryVariant): string =>
  Object.keys(wheels)
    .filter((key) => key.endsWith(` ${variant}`))
    .map((key) => key.slice(0, -variant.length - 1))
    .join(', ');
