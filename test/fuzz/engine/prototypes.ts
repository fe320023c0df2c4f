/** Whether everybody's prototypes are as they were. */

const watched: readonly object[] = [
  ...[Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype, Map.prototype],
  ...[Set.prototype, RegExp.prototype, Error.prototype, Object, Array],
];

interface Known {
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

/** Remembers them as they are now. */
export function watchPrototypes(): () => string | undefined {
  const known = watched.map((object): Known => {
    const keys = Reflect.ownKeys(object);
    return { object, keys, values: keys.map((key) => valueOf(object, key)) };
  });
  return () => known.map(faultOf).find((fault) => fault !== undefined);
}

/** Puts back what was changed, and says what it was. */
function faultOf({ object, keys, values }: Known): string | undefined {
  const present = Reflect.ownKeys(object);
  if (present.length === keys.length && keys.every((key, index) => valueOf(object, key) === values[index]))
    return undefined;
  const added = present.filter((key) => !keys.includes(key));
  for (const key of added) Reflect.deleteProperty(object, key);
  for (const [index, key] of keys.entries()) {
    if (valueOf(object, key) !== values[index]) Object.defineProperty(object, key, { value: values[index] });
  }
  const name = watched.indexOf(object);
  return `a prototype was changed (number ${name}): ${added.map(String).join(', ') || 'a method was replaced or removed'}`;
}

/** Getters of prototypes want an instance. */
function valueOf(object: object, key: PropertyKey): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  return descriptor?.get ?? (descriptor?.value as unknown);
}
