/**
 * Convolutions and their gradients. In the graph strides and dilations are pairs and `pad` is always
 * explicit ([[0,0],[top,bottom],[left,right],[0,0]] for NHWC), so that no lowering must know what
 * `same` means.
 */
import { backend_util } from '@tensorflow/tfjs-core';
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
} from '@tensorflow/tfjs-core';
import { activate } from './activation.ts';
import type { KernelTable } from './kernelTable.ts';

type Pair = [number, number];

interface ConvAttrs {
  readonly strides: Pair | number;
  readonly pad: Conv2DAttrs['pad'];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: Pair | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function convolution(input: readonly number[], filter: readonly number[], attrs: ConvAttrs) {
  const info = backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(attrs.dataFormat),
  );
  const { top, bottom, left, right } = info.padInfo;
  const none: Pair = [0, 0];
  const spatial: Pair[] = [
    [top, bottom],
    [left, right],
  ];
  return {
    outShape: info.outShape,
    attrs: {
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pad: attrs.dataFormat === 'NCHW' ? [none, none, ...spatial] : [none, ...spatial, none],
      dataFormat: attrs.dataFormat,
    },
  };
}

export const convolutionKernels: KernelTable = {
  Conv2D: (call) => {
    const [x, filter] = [call.input('x'), call.input('filter')];
    const conv = convolution(x.shape, filter.shape, call.attrs as Conv2DAttrs);
    return call.emit({
      inputs: { x, filter },
      attrs: conv.attrs,
      shape: conv.outShape,
      dtype: 'float32',
    });
  },

  /** Also what a transposed convolution is. */
  Conv2DBackpropInput: (call) => {
    const [dy, filter] = [call.input('dy'), call.input('filter')];
    const { inputShape, ...attrs } = call.attrs as Conv2DBackpropInputAttrs;
    const conv = convolution(inputShape, filter.shape, attrs);
    return call.emit({
      inputs: { dy, filter },
      attrs: { ...conv.attrs, inputShape: [...inputShape] },
      shape: inputShape,
      dtype: 'float32',
    });
  },

  Conv2DBackpropFilter: (call) => {
    const [x, dy] = [call.input('x'), call.input('dy')];
    const { filterShape, ...attrs } = call.attrs as Conv2DBackpropFilterAttrs;
    const conv = convolution(x.shape, filterShape, attrs);
    return call.emit({
      inputs: { x, dy },
      attrs: { ...conv.attrs, filterShape: [...filterShape] },
      shape: filterShape,
      dtype: 'float32',
    });
  },

  FusedConv2D: (call) => {
    const { activation, leakyreluAlpha, ...attrs } = call.attrs as FusedConv2DAttrs;
    const inputs = { x: call.input('x'), filter: call.input('filter') };
    return activate(call, call.record('Conv2D', inputs, attrs), activation, leakyreluAlpha);
  },
};
