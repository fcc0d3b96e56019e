/** The numbers of a convolution. The graph's strides are pairs and its padding is explicit. */
import type { LoweringCall } from '../lowering.ts';
import type { OnnxAttributes } from '../modelProto.ts';

export type Pair = readonly [height: number, width: number];

/**
 * y [N, outputs, O] = Conv2D(x [N, sides, I], filter [kernel, I, O]), and the same for its gradients:
 * x is always the side that the filter slides over.
 */
export interface Geometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Of x. */
  readonly sides: Pair;
  /** Of y. */
  readonly outputs: Pair;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Rows and columns of zeros before and after x. */
  readonly begin: Pair;
  readonly end: Pair;
}

interface ConvAttrs {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: readonly Pair[];
  readonly dataFormat: 'NHWC' | 'NCHW';
}

export const isChannelsFirst = ({ node }: LoweringCall): boolean =>
  node.attrs['dataFormat'] === 'NCHW';

/** From the shapes of x, y and the filter, which the three kernels call by different names. */
export function geometry(
  call: LoweringCall,
  x: readonly number[],
  filter: readonly number[],
  y: readonly number[],
): Geometry {
  const { strides, dilations, pad } = call.node.attrs as unknown as ConvAttrs;
  const first = isChannelsFirst(call) ? 2 : 1;
  const sides = (shape: readonly number[]): Pair => [shape[first] ?? 1, shape[first + 1] ?? 1];
  const [kh = 1, kw = 1, inChannels = 1, outChannels = 1] = filter;
  const [top, bottom] = pad[first] ?? [0, 0];
  const [left, right] = pad[first + 1] ?? [0, 0];
  return {
    batch: x[0] ?? 1,
    inChannels,
    outChannels,
    sides: sides(x),
    outputs: sides(y),
    kernel: [kh, kw],
    strides,
    dilations,
    begin: [top, left],
    end: [bottom, right],
  };
}

export const mapPair = (f: (dim: 0 | 1) => number): Pair => [f(0), f(1)];

const ints = (values: readonly number[]) => ({ ints: values });

export const convAttributes = (
  conv: Pick<Geometry, 'kernel' | 'strides' | 'dilations' | 'begin' | 'end'>,
): OnnxAttributes => ({
  kernel_shape: ints(conv.kernel),
  strides: ints(conv.strides),
  dilations: ints(conv.dilations),
  pads: ints([...conv.begin, ...conv.end]),
});
