/**
 * Quantities (`500m`, `1Gi`) in rules.
 * https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library
 */
import type { Environment } from '@marcbachmann/cel-js';

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]))?$/;
const nano = 10n ** 9n;

/** An exact number of billionths, the smallest that a quantity can tell apart. */
class Quantity {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  static parse(text: string): Quantity {
    const [matched, sign = '', whole = '', fraction = '', exponent = '', suffix = ''] = form.exec(text) ?? [];
    if (matched === undefined || whole + fraction === '') {
      throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    const digits = BigInt(whole + fraction);
    const power = 9 - fraction.length + (exponent === '' ? (decimal[suffix] ?? 0) : Number(exponent.slice(1)));
    const scaled = digits * 1024n ** BigInt(binary[suffix] ?? 0);
    const nanos = power >= 0 ? scaled * 10n ** BigInt(power) : roundUp(scaled, 10n ** BigInt(-power));
    return new Quantity(sign === '-' ? -nanos : nanos);
  }
}

function roundUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

function isQuantity(text: string): boolean {
  try {
    Quantity.parse(text);
    return true;
  } catch {
    return false;
  }
}

function asInteger(quantity: Quantity): bigint {
  if (quantity.nanos % nano !== 0n) throw new Error('cannot convert value to integer');
  return quantity.nanos / nano;
}

/** Adds `quantity()` and what can be asked of one. */
export function registerQuantity(environment: Environment): void {
  environment
    .registerType('Quantity', { ctor: Quantity, fields: {} })
    .registerFunction('quantity(string): Quantity', (text: string) => Quantity.parse(text))
    .registerFunction('isQuantity(string): bool', isQuantity)
    .registerFunction('Quantity.sign(): int', (a: Quantity) => (a.nanos === 0n ? 0n : a.nanos > 0n ? 1n : -1n))
    .registerFunction('Quantity.isInteger(): bool', (a: Quantity) => a.nanos % nano === 0n)
    .registerFunction('Quantity.asInteger(): int', asInteger)
    .registerFunction('Quantity.asApproximateFloat(): double', (a: Quantity) => Number(a.nanos) / 1e9)
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nanos > b.nanos)
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nanos < b.nanos)
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) =>
      a.nanos === b.nanos ? 0n : a.nanos > b.nanos ? 1n : -1n,
    )
    .registerFunction('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nanos + b.nanos))
    .registerFunction('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nanos - b.nanos))
    .registerOperator('Quantity == Quantity', (a: Quantity, b: Quantity) => a.nanos === b.nanos);
}
