/** Why parsing stopped: at the end of what was given, or at a row with a mistake in it. */
export const DONE: i32 = 0;
export const OPEN_QUOTE: i32 = 1;
export const RAGGED: i32 = 2;
export const AFTER_QUOTE: i32 = 3;
