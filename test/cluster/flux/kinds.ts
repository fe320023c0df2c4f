/** What the tests of Flux look at: Deployments, conditions, and Kustomizations that Flux serves as it is shipped. */
import Type from 'typebox';
import { parserFor } from '../../../src/api/define-resource.ts';
import { type KubeObject, ObjectMeta } from '../../../src/api/meta.ts';
import { type FluxCondition, findCondition } from '../../../src/integrations/flux/foreign.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { healthCheckDeadline } from '../../../src/integrations/flux/wait.ts';
import { deploymentManifests, kustomization } from '../../support/objects.ts';
import type { Moment } from './recording.ts';

export const Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  parse: parserFor(
    'Deployment',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      spec: Type.Object({
        template: Type.Object({ spec: Type.Object({ containers: Type.Array(Type.Object({ image: Type.String() })) }) }),
      }),
    }),
  ),
};

/** The tag that the Deployment runs. */
export function runs(moment: Moment): string | undefined {
  const image = moment.of(Deployment)?.spec.template.spec.containers[0]?.image;
  return image?.slice(image.lastIndexOf(':') + 1);
}

export function condition(moment: Moment, type: string): FluxCondition | undefined {
  return findCondition(moment.of(Kustomization)?.status?.conditions, type);
}

/** Flux has applied what the Kustomization says, health check included. */
export function isDone({ metadata, status }: Kustomization): boolean {
  const ready = findCondition(status?.conditions, 'Ready');
  const isReady = ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  return isReady && status?.observedGeneration === metadata.generation;
}

/** A health check of Flux is running. */
export function isChecking(moment: Moment): boolean {
  const kustomization = moment.of(Kustomization);
  return kustomization !== undefined && healthCheckDeadline(kustomization) !== undefined;
}

/** A health check of Flux has failed. */
export function hasFailed(moment: Moment): boolean {
  return condition(moment, 'Ready')?.reason === 'HealthCheckFailed';
}

/** Of the kustomize-controller without feature gates: a health check holds up the change that comes after it. */
export function patientKustomization(...parameters: Parameters<typeof kustomization>): KubeObject {
  const object = kustomization(...parameters);
  return { ...object, metadata: { ...object.metadata, labels: {} } };
}

/** Manifests of one version, as a release of their own. @param crashCounts seconds until a crash counts */
export function releaseManifests(image: string, tag: string, crashCounts: number): Record<string, string> {
  const files = Object.entries(deploymentManifests(image, crashCounts));
  return Object.fromEntries(files.map(([name, text]) => [name, text.replaceAll('${VERSION}', tag)]));
}
