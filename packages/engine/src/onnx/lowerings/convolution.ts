/** Convolutions and their gradients: blocked where ORT can, else in nchw layout. */
import type { Lower, LoweringTable } from '../lowering.ts';
import { blockedConv } from './blockedConv.ts';
import { blockedConvFilter } from './blockedConvFilter.ts';
import { blockedConvInput } from './blockedConvInput.ts';
import { geometry } from './convGeometry.ts';
import { convFilterNchw, convInputNchw, convNchw } from './convNchw.ts';

const conv2d: Lower = (call) => {
  const { input, output } = call;
  const geo = geometry(call, input('x').shape, input('filter').shape, output.shape);
  return blockedConv(call, geo) ?? convNchw(call, geo);
};

const conv2dBackpropInput: Lower = (call) => {
  const { input, output } = call;
  const geo = geometry(call, output.shape, input('filter').shape, input('dy').shape);
  return blockedConvInput(call, geo) ?? convInputNchw(call, geo);
};

const conv2dBackpropFilter: Lower = (call) => {
  const { input, output } = call;
  const geo = geometry(call, input('x').shape, output.shape, input('dy').shape);
  return blockedConvFilter(call, geo) ?? convFilterNchw(call, geo);
};

export const convolutionLowerings: LoweringTable = {
  Conv2D: conv2d,
  FusedConv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  FusedConv2DBackpropInput: conv2dBackpropInput,
  Conv2DBackpropFilter: conv2dBackpropFilter,
};
