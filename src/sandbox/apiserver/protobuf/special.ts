/** Messages whose JSON form is not an object of their fields. */
import { fieldsIn } from './wire.ts';

interface Parts {
  readonly integers: ReadonlyMap<number, number>;
  readonly texts: ReadonlyMap<number, string>;
}

function partsOf(bytes: Buffer): Parts {
  const integers = new Map<number, number>();
  const texts = new Map<number, string>();
  for (const field of fieldsIn(bytes)) {
    integers.set(field.number, Number(BigInt.asIntN(64, field.integer)));
    texts.set(field.number, field.bytes.toString('utf8'));
  }
  return { integers, texts };
}

function time({ integers }: Parts, digits: 0 | 6): string | undefined {
  const seconds = integers.get(1) ?? 0;
  const nanoseconds = integers.get(2) ?? 0;
  // Go's zero time is sent as an empty message: there is no time.
  if (integers.size === 0) return undefined;
  const instant = Temporal.Instant.fromEpochNanoseconds(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
  return instant.toString({ fractionalSecondDigits: digits });
}

function json(source: string | undefined): unknown {
  if (source === undefined || source === '') return undefined;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

const special: Readonly<Record<string, (parts: Parts) => unknown>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': (parts) => time(parts, 0),
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': (parts) => time(parts, 6),
  'io.k8s.apimachinery.pkg.apis.meta.v1.Duration': ({ integers }) => `${(integers.get(1) ?? 0) / 1e9}s`,
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': ({ texts }) => json(texts.get(1)),
  'io.k8s.apimachinery.pkg.runtime.RawExtension': ({ texts }) => json(texts.get(1)),
  'io.k8s.apimachinery.pkg.api.resource.Quantity': ({ texts }) => texts.get(1) ?? '0',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ({ integers, texts }) =>
    integers.get(1) === 1 ? (texts.get(3) ?? '') : (integers.get(2) ?? 0),
};

/** Nothing for an ordinary message. */
export function specialMessage(type: string, bytes: Buffer): { readonly value: unknown } | undefined {
  const read = special[type];
  return read === undefined ? undefined : { value: read(partsOf(bytes)) };
}
