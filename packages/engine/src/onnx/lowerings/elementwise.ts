/**
 * Operations that treat each element alike. They run in whatever layout an input of the result's
 * shape is in already; the others follow.
 */
import type { GraphValue } from '../../graph.ts';
import { elementCount } from '../../buffers.ts';
import { sameShape } from '../../shape.ts';
import { fits, plainLayout, type Layout } from '../layouts.ts';
import type { Lower, Lowered, LoweringCall } from '../lowering.ts';
import type { OnnxAttributes } from '../modelProto.ts';

function commonLayout(call: LoweringCall, inputs: readonly GraphValue[]): Layout {
  const { shape } = call.output;
  const candidates = inputs
    .filter((input) => sameShape(input.shape, shape))
    .flatMap((input) => call.layoutsOf(input))
    .filter(({ rank }) => rank === shape.length);
  return (
    candidates.find((layout) => inputs.every((input) => fits(layout, input.shape))) ?? plainLayout
  );
}

/** `emit` gets the inputs' names, all in one layout, and returns the result's. */
export function elementwise(
  call: LoweringCall,
  inputs: readonly GraphValue[],
  emit: (...names: string[]) => string,
): Lowered {
  const layout = commonLayout(call, inputs);
  const names = inputs.map((input) =>
    elementCount(input.shape) === 1 && input.shape.length < 2
      ? call.plain(input)
      : call.inLayout(input, layout),
  );
  return { name: emit(...names), layout };
}

export const unary =
  (opType: string, attributes?: OnnxAttributes): Lower =>
  (call) =>
    elementwise(call, [call.input('x')], (x) => call.onnx.add(opType, [x], attributes));

export const binary =
  (opType: string): Lower =>
  (call) =>
    elementwise(call, [call.input('a'), call.input('b')], (a, b) => call.onnx.add(opType, [a, b]));
