/** What kube-apiserver fills into built-in kinds, by `group/plural`. */

import { defaultDefinition } from '../custom/definition.ts';
import { clone, ensureObject, isObject, type Json, objectOf, objects, setDefault, text } from '../json.ts';
import { defaultPodSpec } from './pod-defaults.ts';

type Default = (object: Json, spec: Json) => void;

function template(spec: Json): void {
  const pod = ensureObject(spec, 'template');
  ensureObject(pod, 'metadata');
  defaultPodSpec(ensureObject(pod, 'spec'));
}

function job(spec: Json): void {
  const parallel = spec.completions === undefined && spec.parallelism !== undefined;
  if (!parallel) setDefault(spec, 'completions', 1);
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', 6);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'manualSelector', false);
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'podReplacementPolicy', 'TerminatingOrFailed');
  template(spec);
}

function service(spec: Json): void {
  setDefault(spec, 'type', 'ClusterIP');
  setDefault(spec, 'sessionAffinity', 'None');
  for (const port of objects(spec.ports)) {
    setDefault(port, 'protocol', 'TCP');
    setDefault(port, 'targetPort', port.port);
  }
  if (spec.type === 'ExternalName') return;
  setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type !== 'ClusterIP') setDefault(spec, 'externalTrafficPolicy', 'Cluster');
}

function secret(object: Json): void {
  setDefault(object, 'type', 'Opaque');
  if (!isObject(object.stringData)) return;
  const data = ensureObject(object, 'data');
  for (const [key, value] of Object.entries(object.stringData)) {
    data[key] = Buffer.from(text(value), 'utf8').toString('base64');
  }
  delete object.stringData;
}

function roleBinding(object: Json): void {
  setDefault(ensureObject(object, 'roleRef'), 'apiGroup', 'rbac.authorization.k8s.io');
  for (const subject of objects(object.subjects)) {
    if (subject.kind !== 'ServiceAccount') setDefault(subject, 'apiGroup', 'rbac.authorization.k8s.io');
  }
}

function webhooks(object: Json): void {
  for (const webhook of objects(object.webhooks)) {
    setDefault(webhook, 'failurePolicy', 'Fail');
    setDefault(webhook, 'matchPolicy', 'Equivalent');
    setDefault(webhook, 'namespaceSelector', {});
    setDefault(webhook, 'objectSelector', {});
    setDefault(webhook, 'timeoutSeconds', 10);
    for (const rule of objects(webhook.rules)) setDefault(rule, 'scope', '*');
    const target = objectOf(webhook.clientConfig).service;
    if (isObject(target)) setDefault(target, 'port', 443);
  }
}

function policy(_object: Json, spec: Json): void {
  setDefault(spec, 'failurePolicy', 'Fail');
  matching(spec.matchConstraints);
}

function matching(match: unknown): void {
  if (!isObject(match)) return;
  setDefault(match, 'matchPolicy', 'Equivalent');
  setDefault(match, 'namespaceSelector', {});
  setDefault(match, 'objectSelector', {});
  const rules = [...objects(match.resourceRules), ...objects(match.excludeResourceRules)];
  for (const rule of rules) setDefault(rule, 'scope', '*');
}

const defaults: Readonly<Record<string, Default>> = {
  '/namespaces': (object) => {
    const metadata = ensureObject(object, 'metadata');
    if (text(metadata.name) !== '') ensureObject(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata.name;
    setDefault(ensureObject(object, 'status'), 'phase', 'Active');
  },
  '/pods': (_object, spec) => {
    defaultPodSpec(spec);
    setDefault(spec, 'enableServiceLinks', true);
    for (const container of objects(spec.containers)) {
      const { limits, requests } = objectOf(container.resources);
      if (isObject(limits)) ensureObject(container, 'resources').requests = { ...clone(limits), ...objectOf(requests) };
    }
  },
  '/services': (_object, spec) => {
    service(spec);
  },
  '/secrets': secret,
  '/nodes': (object) => {
    ensureObject(object, 'spec');
    ensureObject(object, 'status');
  },
  '/replicationcontrollers': (_object, spec) => {
    setDefault(spec, 'replicas', 1);
    template(spec);
  },
  'apps/deployments': (_object, spec) => {
    setDefault(spec, 'replicas', 1);
    const strategy = ensureObject(spec, 'strategy');
    setDefault(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = ensureObject(strategy, 'rollingUpdate');
      setDefault(rolling, 'maxUnavailable', '25%');
      setDefault(rolling, 'maxSurge', '25%');
    }
    setDefault(spec, 'revisionHistoryLimit', 10);
    setDefault(spec, 'progressDeadlineSeconds', 600);
    template(spec);
  },
  'apps/replicasets': (_object, spec) => {
    setDefault(spec, 'replicas', 1);
    template(spec);
  },
  'apps/statefulsets': (_object, spec) => {
    setDefault(spec, 'replicas', 1);
    setDefault(spec, 'podManagementPolicy', 'OrderedReady');
    setDefault(spec, 'revisionHistoryLimit', 10);
    const strategy = ensureObject(spec, 'updateStrategy');
    setDefault(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = ensureObject(strategy, 'rollingUpdate');
      setDefault(rolling, 'partition', 0);
      setDefault(rolling, 'maxUnavailable', 1);
    }
    const claims = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy');
    setDefault(claims, 'whenDeleted', 'Retain');
    setDefault(claims, 'whenScaled', 'Retain');
    template(spec);
  },
  'apps/daemonsets': (object, spec) => {
    const annotations = ensureObject(ensureObject(object, 'metadata'), 'annotations');
    setDefault(annotations, 'deprecated.daemonset.template.generation', '1');
    setDefault(spec, 'revisionHistoryLimit', 10);
    const strategy = ensureObject(spec, 'updateStrategy');
    setDefault(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = ensureObject(strategy, 'rollingUpdate');
      setDefault(rolling, 'maxUnavailable', 1);
      setDefault(rolling, 'maxSurge', 0);
    }
    template(spec);
  },
  'batch/jobs': (_object, spec) => {
    job(spec);
  },
  'batch/cronjobs': (_object, spec) => {
    setDefault(spec, 'concurrencyPolicy', 'Allow');
    setDefault(spec, 'suspend', false);
    setDefault(spec, 'successfulJobsHistoryLimit', 3);
    setDefault(spec, 'failedJobsHistoryLimit', 1);
    const jobTemplate = ensureObject(spec, 'jobTemplate');
    ensureObject(jobTemplate, 'metadata');
    template(ensureObject(jobTemplate, 'spec'));
  },
  'apiextensions.k8s.io/customresourcedefinitions': defaultDefinition,
  'autoscaling/horizontalpodautoscalers': (_object, spec) => {
    setDefault(spec, 'minReplicas', 1);
  },
  'rbac.authorization.k8s.io/rolebindings': roleBinding,
  'rbac.authorization.k8s.io/clusterrolebindings': roleBinding,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/validatingadmissionpolicies': policy,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': (_object, spec) => {
    matching(spec.matchResources);
  },
};

export function applyBuiltInDefaults(key: string, object: Json): void {
  const apply = defaults[key];
  if (apply === undefined) return;
  const spec = isObject(object.spec) ? object.spec : {};
  apply(object, spec);
}
