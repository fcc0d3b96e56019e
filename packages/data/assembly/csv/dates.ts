/** Dates written YYYY-MM-DD. */
import { byteAt, ZERO } from './bytes';
import { odd } from './odd';

function twoDigits(at: usize): u32 {
  const high = byteAt(at) - ZERO;
  const low = byteAt(at + 1) - ZERO;
  return high <= 9 && low <= 9 ? high * 10 + low : 1000;
}

/** Days since 1970-01-01 of YYYY-MM-DD; whatever else goes to `odd`. Days past 28 are left to it too. */
export function dateIn(c: i32, start: usize, stop: usize): f64 {
  if (stop - start == 10 && byteAt(start + 4) == 45 && byteAt(start + 7) == 45) {
    const century = twoDigits(start);
    const years = twoDigits(start + 2);
    const month = <i32>twoDigits(start + 5);
    const day = <i32>twoDigits(start + 8);
    if (century < 100 && years < 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28) {
      const y = <i32>(century * 100 + years) - (month <= 2 ? 1 : 0);
      if (y >= 0) {
        const era = y / 400;
        const yearOfEra = y - era * 400;
        const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return <f64>(era * 146097 + dayOfEra - 719468);
      }
    }
  }
  return odd(c, start, stop, 0);
}
