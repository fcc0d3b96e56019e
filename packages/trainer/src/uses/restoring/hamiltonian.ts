/**
 * Hamiltonian Monte Carlo: points that are drawn from a density known but for a constant, by its gradient, many
 * chains side by side. A step draws a momentum p, follows the energy's motion by some leapfrog steps of length
 * epsilon and takes where that ends with probability min(1, exp(-change of energy)); so the points can stray nowhere
 * that the density does not lead them. Neal: "MCMC using Hamiltonian Dynamics" (2011), arXiv:1206.1901, section 3.2.
 *
 * Each chain finds its own epsilon in the first half of its steps, for 4 of 5 proposals to be taken (Andrieu, Thoms:
 * "A tutorial on adaptive MCMC" (2008), section 4.2.2, algorithm 4), and keeps it in the second, so that its last point is a
 * draw. In a step epsilon is stretched by up to a fifth, so that no orbit closes (Neal, section 5.4.2.2).
 *
 * B chains, L dimensions; arrays are [B, L], row after row.
 */

/** Of each chain's point. */
export interface DensityAt {
  /** Logarithm of the density, but for a constant. [B] */
  readonly logDensity: Float32Array;
  /** [B, L] */
  readonly gradient: Float32Array;
}

/** What a step is drawn from. */
export interface HamiltonianNoise {
  /** Standard normal. [B, L] */
  readonly momentum: Float32Array;
  /** Uniform in (0, 1). [B] */
  readonly accept: Float32Array;
  /** Uniform in (0, 1). [B] */
  readonly stretch: Float32Array;
}

export interface HamiltonianOptions extends DensityAt {
  /** Where the chains begin: a point of finite density each. [B, L] */
  readonly point: Float32Array;
  /** About how wide the density is there: what a leapfrog step is measured by. [B, L] */
  readonly scale: Float32Array;
  readonly steps: number;
  density(point: Float32Array): Promise<DensityAt>;
  /** step: from 0 */
  noise(step: number): HamiltonianNoise;
  onStep?(): void;
}

const LEAPFROGS = 5;
const FIRST_EPSILON = 0.5;
const WANTED_ACCEPTANCE = 0.8;

/** The chains' last points. [B, L] */
export async function hamiltonianMonteCarlo(options: HamiltonianOptions): Promise<Float32Array> {
  const { scale, steps, noise, onStep } = options;
  const point = options.point.slice();
  const gradient = options.gradient.slice();
  const logDensity = options.logDensity.slice();
  const chains = logDensity.length;
  const dim = point.length / chains;
  const epsilon = new Float64Array(chains).fill(FIRST_EPSILON);
  for (let step = 0; step < steps; step++) {
    const { momentum, accept, stretch } = noise(step);
    const length = Float64Array.from(point, (_, i) => {
      const chain = Math.floor(i / dim);
      return (epsilon[chain] ?? NaN) * (0.8 + 0.4 * (stretch[chain] ?? NaN)) * (scale[i] ?? NaN);
    });
    const end = await leapfrog(options, { point, gradient, momentum, length });
    const energy = (chain: number, p: ArrayLike<number>, log: Float32Array): number => {
      let kinetic = 0;
      for (let i = chain * dim; i < (chain + 1) * dim; i++) kinetic += 0.5 * (p[i] ?? NaN) ** 2;
      return kinetic - (log[chain] ?? NaN);
    };
    for (let chain = 0; chain < chains; chain++) {
      const before = energy(chain, momentum, logDensity);
      const change = energy(chain, end.momentum, end.logDensity) - before;
      // Where it went so far that nothing is finite, it stays.
      const chance = Number.isFinite(change) ? Math.min(1, Math.exp(-change)) : 0;
      if ((accept[chain] ?? NaN) < chance) {
        const [from, to] = [chain * dim, (chain + 1) * dim];
        point.set(end.point.subarray(from, to), from);
        gradient.set(end.gradient.subarray(from, to), from);
        logDensity.set(end.logDensity.subarray(chain, chain + 1), chain);
      }
      if (step >= steps / 2) continue;
      const gain = 2 / Math.sqrt(step + 1);
      epsilon[chain] = (epsilon[chain] ?? NaN) * Math.exp(gain * (chance - WANTED_ACCEPTANCE));
    }
    onStep?.();
  }
  return point;
}

interface Motion {
  readonly point: Float32Array;
  readonly gradient: Float32Array;
  readonly momentum: Float32Array;
  /** Of a leapfrog step, in each direction. [B, L] */
  readonly length: Float64Array;
}

async function leapfrog({ density }: HamiltonianOptions, start: Motion) {
  const { length } = start;
  const point = start.point.slice();
  const momentum = Float64Array.from(start.momentum);
  const push = (gradient: Float32Array): void => {
    for (let i = 0; i < momentum.length; i++) {
      momentum[i] = (momentum[i] ?? NaN) + 0.5 * (length[i] ?? NaN) * (gradient[i] ?? NaN);
    }
  };
  let at: DensityAt = { gradient: start.gradient, logDensity: new Float32Array(0) };
  for (let k = 0; k < LEAPFROGS; k++) {
    push(at.gradient);
    for (let i = 0; i < point.length; i++) {
      point[i] = (point[i] ?? NaN) + (length[i] ?? NaN) * (momentum[i] ?? NaN);
    }
    at = await density(point);
    push(at.gradient);
  }
  return { ...at, point, momentum };
}
