/** Which Kustomization a HealthCheck of class `kustomization` judges. */
import { HEALTH_CHECK_KUSTOMIZATION } from '../../api/annotations.ts';
import type { HealthCheck } from '../../api/health-check.ts';
import type { ObjectKey } from '../../api/meta.ts';

/** The class that this controller judges; every other class is judged by a controller of its own. */
export const KUSTOMIZATION_CLASS = 'kustomization';

/** `name` or `namespace/name`; a text says what is wrong with the annotation. */
export function kustomizationOf({ metadata }: Pick<HealthCheck, 'metadata'>): ObjectKey | string {
  if (metadata.annotations === undefined) return 'no annotations found on HealthCheck';
  const text = metadata.annotations[HEALTH_CHECK_KUSTOMIZATION];
  if (text === undefined) return `annotation ${HEALTH_CHECK_KUSTOMIZATION} not found`;
  const parts = text.split('/');
  if (parts.length > 2 || parts.includes('')) return `invalid kustomization reference format: ${text}`;
  const [first = '', second] = parts;
  return second === undefined
    ? { namespace: metadata.namespace ?? '', name: first }
    : { namespace: first, name: second };
}
