/** Which Kustomization a HealthCheck of class `kustomization` judges. */
import { annotationValue, HEALTH_CHECK_KUSTOMIZATION } from '../../../api/annotations.ts';
import type { HealthCheck } from '../../../api/health-check.ts';
import { keyText, type ObjectKey } from '../../../api/meta.ts';

/** The options and the annotation name two different ones. */
export interface Contradiction {
  readonly contradiction: string;
}

/** By `spec.kustomization`, or the annotation `name` or `namespace/name`; a text says what is wrong with that. */
export function kustomizationOf(check: Pick<HealthCheck, 'metadata' | 'spec'>): ObjectKey | Contradiction | string {
  const { annotations, namespace = '' } = check.metadata;
  const text = annotations?.[HEALTH_CHECK_KUSTOMIZATION];
  const { kustomization } = check.spec;
  const named = kustomization && { namespace: kustomization.namespace ?? namespace, name: kustomization.name };
  if (text === undefined && named !== undefined) return named;
  if (annotations === undefined) return 'no annotations found on HealthCheck';
  if (text === undefined) return `annotation ${HEALTH_CHECK_KUSTOMIZATION} not found`;
  const annotated = parseReference(text, namespace);
  if (annotated === undefined && named !== undefined) {
    return {
      contradiction: `annotation ${HEALTH_CHECK_KUSTOMIZATION} is no name of a Kustomization: remove it, spec.kustomization says it`,
    };
  }
  if (annotated === undefined) return `invalid kustomization reference format: ${text}`;
  if (named === undefined || keyText(named) === keyText(annotated)) return annotated;
  const contradiction = `spec.kustomization names ${keyText(named)} and annotation ${HEALTH_CHECK_KUSTOMIZATION} ${keyText(annotated)}: remove one of the two`;
  return { contradiction };
}

function parseReference(text: string, own: string): ObjectKey | undefined {
  const parts = annotationValue(text).split('/');
  if (parts.length > 2 || parts.includes('')) return undefined;
  const [first = '', second] = parts;
  return second === undefined ? { namespace: own, name: first } : { namespace: first, name: second };
}
