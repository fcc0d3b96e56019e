/** Arithmetic on known numbers, done here and now, rounded to float32 as the runtime would. */
import type { Rule } from '../rewrite.ts';

const unary: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Square: (x) => x * x,
  Reciprocal: (x) => 1 / x,
  Sqrt: Math.sqrt,
};

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
};

export const foldUniforms: Rule = ({ kernel, inputs, outputs: [output = -1] }, editor) => {
  const { shape, dtype } = editor.value(output);
  if (dtype !== 'float32' || !(kernel in unary || kernel in binary)) return undefined;
  const numbers = Object.values(inputs).map((id) => editor.uniform(id as number));
  const [a, b] = numbers;
  if (a === undefined || (kernel in binary && b === undefined)) return undefined;
  const value = Math.fround(unary[kernel]?.(a) ?? binary[kernel]?.(a, b ?? NaN) ?? NaN);
  const attrs = { shape: [...shape], value, dtype };
  return editor.emit({ kernel: 'Fill', inputs: {}, attrs, shape, dtype });
};
