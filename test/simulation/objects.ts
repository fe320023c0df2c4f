/** The objects of an application, as somebody once applied them. */
import { ClusterRolloutSchedule } from '../../src/api/cluster-rollout-schedule.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { type Application, keyTextOf } from './application.ts';
import { kustomizationType, monitorType, policyType, repositoryType, sourceType } from './kinds.ts';
import {
  askingNameOf,
  boardNameOf,
  edgeNameOf,
  flagNameOf,
  hostOf,
  imageOf,
  sourceNameOf,
  variableOf,
} from './names.ts';
import { GATE_HOST, PROMETHEUS_HOST } from './services.ts';
import type { Span } from './span.ts';

export type Role = 'repository' | 'policy' | 'source' | 'edge' | 'check' | 'gate' | 'schedule' | 'rollout';

export interface Thing {
  readonly role: Role;
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/** In the order in which they are made. */
export function thingsOf(app: Application, span: Span): readonly Thing[] {
  return [
    ...releasesOf(app),
    ...targetsOf(app),
    ...checksOf(app, span),
    ...gatesOf(app, span),
    ...schedulesOf(app),
    rolloutOf(app),
  ];
}

interface More {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function thing(
  app: Application,
  role: Role,
  type: ResourceType,
  name: string,
  spec: object,
  { labels, annotations }: More = {},
): Thing {
  const { apiVersion, kind, namespaced } = type;
  const metadata = {
    name,
    ...(namespaced && { namespace: app.namespace }),
    ...(labels && { labels: { ...labels } }),
    ...(annotations && { annotations: { ...annotations } }),
  };
  const object: KubeObject & { spec: object } = { apiVersion, kind, metadata, spec };
  return { role, type, object };
}

const labelsOf = ({ name }: Application) => ({ app: name });

function releasesOf(app: Application): readonly Thing[] {
  const { name, prereleases, digests } = app;
  const policy = { semver: { range: prereleases ? '>=0.0.0-0' : '>=0.0.0' } };
  const reflection = digests ? { digestReflectionPolicy: 'Always', interval: '1h' } : {};
  return [
    thing(app, 'repository', repositoryType, name, { image: imageOf(app), interval: '1h' }),
    thing(app, 'policy', policyType, name, { imageRepositoryRef: { name }, policy, ...reflection }),
  ];
}

const applied = { interval: '1h', path: './', prune: true };

/** Of all that share it, since each of them may be the first to make it. */
export function kustomizationOf(sharing: readonly Application[], span: Span): Thing {
  const app = sharing[0]!;
  const annotations = Object.fromEntries(
    sharing
      .filter(({ carriedBy }) => carriedBy !== 'source')
      .map(({ name }) => [`rollout.kuberik.com/substitute.${variableOf(name)}.from`, name]),
  );
  const isFed = app.carriedBy === 'source' || app.carriedBy === 'both';
  const sourceRef = { kind: 'OCIRepository', name: isFed ? sourceNameOf(app) : 'manifests' };
  const { waits } = app;
  const timeout = `${span.fluxTimeout / 1000}s`;
  const spec = { ...applied, timeout, wait: waits, sourceRef };
  return thing(app, 'edge', kustomizationType, app.kustomization, spec, { annotations });
}

function targetsOf(app: Application): readonly Thing[] {
  const { name, carriedBy } = app;
  if (carriedBy === 'source' || carriedBy === 'both') {
    const annotations = { 'rollout.kuberik.com/rollout': name };
    const spec = { url: `oci://${imageOf(app)}`, interval: '1h' };
    return [thing(app, 'source', sourceType, sourceNameOf(app), spec, { annotations })];
  }
  if (carriedBy !== 'twice') return [];
  const annotations = { [`rollout.kuberik.com/substitute.${variableOf(name)}.from`]: name };
  const spec = { ...applied, sourceRef: { kind: 'OCIRepository', name: 'manifests' } };
  return [thing(app, 'edge', kustomizationType, edgeNameOf(app), spec, { annotations })];
}

function checksOf(app: Application, { askInterval: interval, fluxTimeout }: Span): readonly Thing[] {
  const { check, name } = app;
  if (check === 'none') return [];
  const labels = labelsOf(app);
  const url = `http://${PROMETHEUS_HOST}`;
  const make = (spec: object, more: More = {}): readonly Thing[] => [
    thing(app, 'check', HealthCheck, name, { class: check, ...spec }, { labels, ...more }),
  ];
  switch (check) {
    case 'foreign':
      return make({ class: 'somebody-elses' });
    case 'kustomization':
      return make({}, { annotations: { 'healthcheck.kuberik.com/kustomization': app.kustomization } });
    case 'http':
      return make({ interval, failureThreshold: 2, http: { url: `http://${hostOf(app)}/healthz` } });
    case 'prometheus-alert':
      return make({ interval, prometheusAlert: { url, matchers: [`app="${keyTextOf(app)}"`] } });
    case 'prometheus-query':
      return make({
        interval,
        prometheusQuery: { url, query: `errors{app="${keyTextOf(app)}"}`, thresholdRange: { max: 0.5 } },
      });
    case 'job': {
      const template = { spec: { template: { spec: { containers: [{ name: 'smoke', image: 'smoke' }] } } } };
      return make({ timeout: `${fluxTimeout / 1000}s`, job: { template } });
    }
    case 'datadog': {
      const annotations = { 'kuberik.com/health-check': 'true' };
      const spec = { name: 'errors', message: 'too many', query: 'avg:errors', type: 'metric alert' };
      return [thing(app, 'check', monitorType, name, spec, { labels, annotations })];
    }
  }
}

function gatesOf(app: Application, { askInterval: interval }: Span): readonly Thing[] {
  const rolloutRef = { name: app.name };
  const gate = (name: string, spec: object): Thing => thing(app, 'gate', RolloutGate, name, { rolloutRef, ...spec });
  const approval = { required: app.required };
  const http = { url: `http://${GATE_HOST}/allows`, interval };
  return [
    ...(app.flagGate ? [gate(flagNameOf(app), { passing: true })] : []),
    ...(app.manualGate ? [gate(boardNameOf(app), { class: 'manual', approval })] : []),
    ...(app.serviceGate ? [gate(askingNameOf(app), { class: 'http', http })] : []),
  ];
}

function schedulesOf(app: Application): readonly Thing[] {
  const rolloutSelector = { matchLabels: labelsOf(app) };
  return app.schedules.map(({ isClusterWide, spec }, index) => {
    if (!isClusterWide)
      return thing(app, 'schedule', RolloutSchedule, `${app.name}-${index}`, { rolloutSelector, ...spec });
    const namespaceSelector = { matchLabels: { team: app.namespace } };
    const name = `${app.namespace}-${app.name}-${index}`;
    return thing(app, 'schedule', ClusterRolloutSchedule, name, { rolloutSelector, namespaceSelector, ...spec });
  });
}

function rolloutOf(app: Application): Thing {
  const { name, check, spec } = app;
  const labels = labelsOf(app);
  const judged = check === 'none' ? {} : { healthCheckSelector: { matchLabels: labels } };
  return thing(app, 'rollout', Rollout, name, { releasesImagePolicy: { name }, ...judged, ...spec }, { labels });
}
