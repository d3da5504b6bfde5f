/** Kubernetes quantities: `2`, `500m`, `4Gi`, `1e3`. */

/** An exact amount, in billionths of the base unit (cores or bytes). */
export interface Quantity {
  nano: bigint;
  /** As written: `m`, `Gi`, `e3` or empty. */
  suffix: string;
}

const NANO = 1_000_000_000n;

const multipliers: Record<string, bigint> = {
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  "": NANO,
  k: 1_000n * NANO,
  M: 1_000_000n * NANO,
  G: 1_000_000_000n * NANO,
  T: 10n ** 12n * NANO,
  P: 10n ** 15n * NANO,
  E: 10n ** 18n * NANO,
  Ki: 1024n * NANO,
  Mi: 1024n ** 2n * NANO,
  Gi: 1024n ** 3n * NANO,
  Ti: 1024n ** 4n * NANO,
  Pi: 1024n ** 5n * NANO,
  Ei: 1024n ** 6n * NANO,
};

const grammar = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

/**
 * Reads a quantity as `k8s.io/apimachinery/pkg/api/resource` does; undefined where it is none. Amounts below one
 * billionth are rounded up, as there.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = "", suffix = ""] = match;
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}` || "0");
  let numerator = mantissa;
  let denominator = 10n ** BigInt(fraction.length);
  const multiplier = multipliers[suffix];
  if (multiplier === undefined) {
    const exponent = Number(suffix.slice(1));
    if (exponent < 0) denominator *= 10n ** BigInt(-exponent);
    else numerator *= 10n ** BigInt(exponent);
    numerator *= NANO;
  } else {
    numerator *= multiplier;
  }
  const nano = (numerator + denominator - 1n) / denominator;
  return { nano: sign === "-" ? -nano : nano, suffix };
}

/** A quantity in its base unit, as a number: cores or bytes; undefined where the text is no quantity. */
export function quantityValue(text: string): number | undefined {
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : baseUnits(quantity);
}

/** Cores or bytes; exact as far as a double is. */
export function baseUnits(quantity: Quantity): number {
  return Number(quantity.nano) / Number(NANO);
}

/** Negative, zero or positive, as `left` is less than, equal to or more than `right`. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0;
}
