/** Activation functions and the pieces of their gradients. */
import type { LoweringTable } from '../lowering.ts';
import type { OnnxBuilder } from '../onnxBuilder.ts';
import { elementwise, unary } from './elementwise.ts';
import { log1p } from './elementwiseMath.ts';

const largestFloat = 3.4028234663852886e38;

/**
 * 1 where x > 0, else 0. HardSigmoid is max(0, min(1, x * largest float)) in one vectorised pass:
 * exact for all normal x. (A comparison with Where takes four times as long.)
 */
const step = (onnx: OnnxBuilder, x: string): string =>
  onnx.add('HardSigmoid', [x], { alpha: { float: largestFloat }, beta: { float: 0 } });

export const activationLowerings: LoweringTable = {
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Elu: unary('Elu'),
  Selu: unary('Selu'),

  LeakyRelu: (call) => {
    const { alpha } = call.node.attrs as { readonly alpha: number };
    return unary('LeakyRelu', { alpha: { float: alpha } })(call);
  },

  Relu6: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('x')], (x) =>
      onnx.add('Clip', [x, onnx.scalar(0), onnx.scalar(6)]),
    );
  },

  ClipByValue: (call) => {
    const { onnx } = call;
    const { clipValueMin, clipValueMax } = call.node.attrs as {
      readonly clipValueMin: number;
      readonly clipValueMax: number;
    };
    return elementwise(call, [call.input('x')], (x) =>
      onnx.add('Clip', [x, onnx.scalar(clipValueMin), onnx.scalar(clipValueMax)]),
    );
  },

  /**
   * relu(x) + log1p(exp(-|x|)). ORT's own Softplus calculates one element at a time and is ten times
   * slower than these vectorised passes together.
   */
  Softplus: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('x')], (x) => {
      const small = onnx.add('Exp', [onnx.add('Neg', [onnx.add('Abs', [x])])]);
      return onnx.add('Add', [onnx.add('Relu', [x]), log1p(onnx, small)]);
    });
  },

  Step: (call) => {
    const { onnx } = call;
    const { alpha = 0 } = call.node.attrs as { readonly alpha?: number };
    return elementwise(call, [call.input('x')], (x) => {
      if (alpha === 0) return step(onnx, x);
      const scaled = onnx.add('Mul', [step(onnx, x), onnx.scalar(1 - alpha)]);
      return onnx.add('Add', [scaled, onnx.scalar(alpha)]);
    });
  },

  /** dy where y > 0, else 0. */
  ReluGrad: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('dy'), call.input('y')], (dy, y) =>
      onnx.add('Mul', [dy, step(onnx, y)]),
    );
  },

  Prelu: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('x'), call.input('alpha')], (x, alpha) => {
      const negative = onnx.add('Mul', [onnx.add('Min', [x, onnx.scalar(0)]), alpha]);
      return onnx.add('Add', [onnx.add('Relu', [x]), negative]);
    });
  },

  /** dy * (y >= 0 ? 1 : y + 1): the derivative of elu, from its result. */
  EluGrad: (call) => {
    const { onnx } = call;
    return elementwise(call, [call.input('dy'), call.input('y')], (dy, y) => {
      const slope = onnx.add('Add', [onnx.add('Min', [y, onnx.scalar(0)]), onnx.scalar(1)]);
      return onnx.add('Mul', [dy, slope]);
    });
  },

  Softmax: (call) => {
    const { dim } = call.node.attrs as { readonly dim: number };
    return call.onnx.add('Softmax', [call.plain(call.input('logits'))], { axis: { int: dim } });
  },
};
