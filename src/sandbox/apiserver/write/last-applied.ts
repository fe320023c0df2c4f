/**
 * Objects that `kubectl apply` wrote before it applied on the server: what it wrote is its own to take over, and its
 * record of that is kept up.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
 */
import { ensureObject, isObject, type Json, objectOf, optionalText, without } from '../json.ts';
import type { Operation } from './operation.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const kubectl = 'kubectl';

/** What kubectl applied last, by itself; nothing when another manager applies. */
export function lastApplied({ manager }: Operation, live: Json | undefined): Json | undefined {
  const source = optionalText(objectOf(objectOf(live?.metadata).annotations)[annotation]);
  if (manager !== kubectl || source === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(source);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Puts what kubectl applies now in the place of what it applied last. @param object changed in place */
export function recordApplied({ manager }: Operation, object: Json, applied: Json): void {
  const annotations = objectOf(objectOf(object.metadata).annotations);
  if (manager !== kubectl || annotations[annotation] === undefined) return;
  const metadata = objectOf(applied.metadata);
  const rest = without(objectOf(metadata.annotations), annotation);
  const record = { ...applied, metadata: { ...metadata, annotations: rest } };
  ensureObject(object, 'metadata').annotations = { ...annotations, [annotation]: `${JSON.stringify(record)}\n` };
}
