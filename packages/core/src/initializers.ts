/**
 * Initial values as data, so that a parameter spec can be printed, stored and compared. The values
 * themselves are drawn by initialize.ts. Bounds use only division and square roots, which give the
 * same bits on every machine.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly stddev: number };

/** How many values feed one unit, and how many units one value feeds. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Chooses initial values for a layer's kernel or bias. */
export type InitializerFor = (fans: Fans) => Initializer;

export function constant(value: number): Initializer {
  return { kind: 'constant', value };
}

export function zeros(): Initializer {
  return constant(0);
}

export function ones(): Initializer {
  return constant(1);
}

function symmetricUniform(bound: number): Initializer {
  return { kind: 'uniform', low: -bound, high: bound };
}

/**
 * U(-1/sqrt(fanIn), 1/sqrt(fanIn)): what PyTorch's Linear and Conv layers use, for kernel and bias
 * alike. The layers' default here, so that losses compare.
 */
export function fanInUniform(fans: Fans): Initializer {
  return symmetricUniform(1 / Math.sqrt(fans.fanIn));
}

/** Glorot, Bengio (2010), eq. 16: U(-b, b), b = sqrt(6 / (fanIn + fanOut)). */
export function glorotUniform(fans: Fans): Initializer {
  return symmetricUniform(Math.sqrt(6 / (fans.fanIn + fans.fanOut)));
}

/** Glorot, Bengio (2010), eq. 12: N(0, 2 / (fanIn + fanOut)). */
export function glorotNormal(fans: Fans): Initializer {
  return { kind: 'normal', mean: 0, stddev: Math.sqrt(2 / (fans.fanIn + fans.fanOut)) };
}

/** He et al. (2015), eq. 10 as a uniform of equal variance: U(-b, b), b = sqrt(6 / fanIn). */
export function heUniform(fans: Fans): Initializer {
  return symmetricUniform(Math.sqrt(6 / fans.fanIn));
}

/** He et al. (2015), eq. 10: N(0, 2 / fanIn). */
export function heNormal(fans: Fans): Initializer {
  return { kind: 'normal', mean: 0, stddev: Math.sqrt(2 / fans.fanIn) };
}
