/**
 * Powers as Go's `math.Pow` works them out: by squaring the base's digits apart from its exponent of two. Its last digit
 * is not always JavaScript's.
 */
export function powerGo(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  const simple = base ** exponent;
  const size = Math.abs(exponent);
  if (!Number.isFinite(base) || base === 0 || !Number.isFinite(simple) || simple === 0 || exponent === 0 || size === 0.5 || size >= 2 ** 52) return simple;
  let whole = Math.trunc(size);
  let rest = size - whole;
  if (rest > 0.5) {
    rest -= 1;
    whole += 1;
  }
  const result = squared(rest === 0 ? 1 : Math.exp(rest * Math.log(base)), base, whole);
  return exponent < 0 ? (1 / result.digits) * 2 ** -result.power : scaled(result.digits, result.power);
}

/** `start` times the base to the power of a whole number. */
function squared(start: number, base: number, exponent: number): { digits: number; power: number } {
  let result = { digits: start, power: 0 };
  let factor = normal(base, 0);
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = { digits: result.digits * factor.digits, power: result.power + factor.power };
    factor = normal(factor.digits * factor.digits, factor.power * 2);
  }
  return result;
}

/** A number as digits from a half to one, and a power of two. */
function normal(value: number, power: number): { digits: number; power: number } {
  let digits = value;
  let own = power;
  for (; Math.abs(digits) >= 1; own++) digits /= 2;
  for (; Math.abs(digits) < 0.5; own--) digits *= 2;
  return { digits, power: own };
}

/** In two steps, as a power of two alone may be out of range. */
function scaled(digits: number, power: number): number {
  const half = Math.trunc(power / 2);
  return digits * 2 ** half * 2 ** (power - half);
}
