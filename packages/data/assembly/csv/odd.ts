/** A field that is not plain: JavaScript's answer is its value. */
export declare function odd(column: i32, start: usize, stop: usize, doubled: i32): f64;
