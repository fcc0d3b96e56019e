/** Operations that treat each element alike, so that any layout will do. */
import type { GraphValue } from '../../graph.ts';
import { elementCount } from '../../buffers.ts';
import { sameShape } from '../../shape.ts';
import { fits, plainLayout, type Layout } from '../layouts.ts';
import type { Lower, Lowered, LoweringCall } from '../lowering.ts';
import type { OnnxAttributes } from '../modelProto.ts';

/** The layout that spares most conversions. */
function commonLayout(call: LoweringCall, inputs: readonly GraphValue[]): Layout {
  const full = inputs
    .filter(({ shape }) => sameShape(shape, call.output.shape))
    .map((input) => call.layoutsOf(input));
  const count = (layout: Layout): number =>
    full.filter((layouts) => layouts.some(({ name }) => name === layout.name)).length;
  if (count(plainLayout) === full.length) return plainLayout;
  const candidates = full
    .flat()
    .filter(({ rank }) => rank === call.output.shape.length)
    .filter((layout) => inputs.every(({ shape }) => fits(layout, shape)));
  // Where there is a choice not plain: what comes next will want the special layout too.
  const [best = plainLayout] = candidates.toSorted((a, b) => count(b) - count(a));
  return count(best) >= count(plainLayout) ? best : plainLayout;
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
