/**
 * Convolutions on images in nchw layout. Filters stay parameters in tfjs's layout, HWIO; they are
 * small, and transposed on the way.
 *
 * y = Conv2D(x, w) is linear in both arguments, so its two gradients are convolutions again:
 *   by the image   ConvTranspose of dy with w
 *   by the filter  Conv of x with dy as its filter, batch and channels swapped, stride and dilation
 *                  swapped
 */
import type { GraphValue } from '../../graph.ts';
import { nchwLayout } from '../layouts.ts';
import type { LoweringCall, LoweringTable } from '../lowering.ts';
import type { OnnxAttributes } from '../modelProto.ts';

type Pair = readonly [number, number];

interface ConvAttrs {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: readonly Pair[];
  readonly dataFormat: 'NHWC' | 'NCHW';
}

interface Geometry {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
}

function geometry({ node }: LoweringCall): Geometry {
  const { strides, dilations, pad, dataFormat } = node.attrs as unknown as ConvAttrs;
  const [[padTop, padBottom], [padLeft, padRight]] = (
    dataFormat === 'NHWC' ? [pad[1], pad[2]] : [pad[2], pad[3]]
  ) as [Pair, Pair];
  return { strides, dilations, padTop, padBottom, padLeft, padRight };
}

const isChannelsFirst = ({ node }: LoweringCall): boolean => node.attrs['dataFormat'] === 'NCHW';

const image = (call: LoweringCall, value: GraphValue): string =>
  isChannelsFirst(call) ? call.plain(value) : call.inLayout(value, nchwLayout);

const result = (call: LoweringCall, name: string) =>
  isChannelsFirst(call) ? name : { name, layout: nchwLayout };

const transpose = (call: LoweringCall, name: string, perm: readonly number[]): string =>
  call.onnx.add('Transpose', [name], { perm: { ints: perm } });

const ints = (values: readonly number[]) => ({ ints: values });

function attributes(kernel: readonly number[], { strides, dilations, ...pads }: Geometry) {
  return {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    pads: ints([pads.padTop, pads.padLeft, pads.padBottom, pads.padRight]),
  } satisfies OnnxAttributes;
}

/** Height and width of an image value. */
const sides = (call: LoweringCall, { shape }: GraphValue): Pair =>
  (isChannelsFirst(call) ? shape.slice(2, 4) : shape.slice(1, 3)) as unknown as Pair;

function conv2d(call: LoweringCall, ...bias: readonly string[]): string {
  const [x, filter] = [call.input('x'), call.input('filter')];
  const weights = transpose(call, call.plain(filter), [3, 2, 0, 1]); // HWIO -> OIHW
  return call.onnx.add(
    'Conv',
    [image(call, x), weights, ...bias],
    attributes(filter.shape.slice(0, 2), geometry(call)),
  );
}

export const convolutionLowerings: LoweringTable = {
  Conv2D: (call) => result(call, conv2d(call)),

  FusedConv2D: (call) => {
    const biased = conv2d(call, call.plain(call.input('bias')));
    const { activation } = call.node.attrs;
    return result(call, activation === 'relu' ? call.onnx.add('Relu', [biased]) : biased);
  },

  Conv2DBackpropInput: (call) => {
    const [dy, filter] = [call.input('dy'), call.input('filter')];
    const geo = geometry(call);
    const kernel = filter.shape.slice(0, 2);
    const inputSides = sides(call, call.output);
    const outputSides = sides(call, dy);
    const begin = [geo.padTop, geo.padLeft];
    const end = [geo.padBottom, geo.padRight];
    // What the strides left over at the far edge got no gradient: it is zero there.
    const outputPadding = inputSides.map((side, i) => {
      const reach =
        geo.strides[i as 0 | 1] * ((outputSides[i] ?? 1) - 1) +
        1 +
        geo.dilations[i as 0 | 1] * ((kernel[i] ?? 1) - 1);
      return side - (reach - (begin[i] ?? 0) - (end[i] ?? 0));
    });
    const weights = transpose(call, call.plain(filter), [3, 2, 0, 1]); // HWIO -> OIHW: dy's channels first
    const conv = call.onnx.add('ConvTranspose', [image(call, dy), weights], {
      ...attributes(kernel, geo),
      output_padding: ints(outputPadding),
    });
    return result(call, conv);
  },

  Conv2DBackpropFilter: (call) => {
    const [x, dy] = [call.input('x'), call.input('dy')];
    const geo = geometry(call);
    const [height = 1, width = 1] = call.output.shape;
    const [dyHeight, dyWidth] = sides(call, dy);
    const swapped = attributes([dyHeight, dyWidth], {
      ...geo,
      strides: geo.dilations,
      dilations: geo.strides,
    });
    const conv = call.onnx.add(
      'Conv',
      [
        transpose(call, image(call, x), [1, 0, 2, 3]), // [I, N, H, W]
        transpose(call, image(call, dy), [1, 0, 2, 3]), // [O, N, H', W']
      ],
      swapped,
    ); // [I, O, at least height, at least width]
    const cut = call.onnx.add('Slice', [
      conv,
      call.onnx.integers([0, 0]),
      call.onnx.integers([height, width]),
      call.onnx.integers([2, 3]),
    ]);
    return transpose(call, cut, [2, 3, 0, 1]); // HWIO
  },
};
