/** What single built-in kinds do on create and update, beyond defaults and checks. */

import { checkDefinition, freshStatus } from '../custom/definition.ts';
import { ensureObject, isObject, type Json, list, objectOf, setDefault, text, texts } from '../json.ts';
import type { Rules } from '../resource.ts';
import { fillEvent } from './events.ts';
import { builtInChecks, namespacePhase } from './validation.ts';

const spec = (object: Json): unknown => object.spec;
const webhooks = (object: Json): unknown => object.webhooks;

/** Kinds with a `metadata.generation`, and what it counts. */
const counted: Readonly<Record<string, (object: Json) => unknown>> = {
  '/pods': spec,
  '/replicationcontrollers': spec,
  // Its annotations too are passed on to its ReplicaSets.
  'apps/deployments': (object) => [object.spec, objectOf(objectOf(object.metadata).annotations)],
  'apps/replicasets': spec,
  'apps/statefulsets': spec,
  'apps/daemonsets': spec,
  'batch/jobs': spec,
  'batch/cronjobs': spec,
  'networking.k8s.io/ingresses': spec,
  'networking.k8s.io/networkpolicies': spec,
  'networking.k8s.io/ingressclasses': spec,
  'policy/poddisruptionbudgets': spec,
  'apiextensions.k8s.io/customresourcedefinitions': spec,
  'admissionregistration.k8s.io/validatingadmissionpolicies': spec,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': spec,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhooks,
  'discovery.k8s.io/endpointslices': ({ endpoints, ports }) => [endpoints, ports],
};

const createOnUpdate = new Set([
  '/events',
  'events.k8s.io/events',
  '/services',
  '/endpoints',
  '/limitranges',
  'coordination.k8s.io/leases',
  'rbac.authorization.k8s.io/roles',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/clusterrolebindings',
]);

/** Of other kinds a write to the status changes all metadata. */
const keptByStatus: Readonly<Record<string, readonly string[]>> = {
  '/pods': ['ownerReferences', 'deletionTimestamp'],
  'apps/deployments': ['labels'],
};

/** What Go writes even if nobody set it. */
const alwaysWritten: Readonly<Record<string, (object: Json) => void>> = {
  '/events': fillEvent,
  'coordination.k8s.io/leases': (lease) => void ensureObject(lease, 'spec'),
};

const needsRevision = (key: string): boolean =>
  key.startsWith('admissionregistration.k8s.io/') ||
  key === 'coordination.k8s.io/leases' ||
  key === 'policy/poddisruptionbudgets' ||
  key === 'apiextensions.k8s.io/customresourcedefinitions';

const namePatterns: Readonly<Record<string, Rules['namePattern']>> = {
  '/namespaces': 'label',
  '/services': 'service',
  'rbac.authorization.k8s.io/roles': 'path',
  'rbac.authorization.k8s.io/rolebindings': 'path',
  'rbac.authorization.k8s.io/clusterroles': 'path',
  'rbac.authorization.k8s.io/clusterrolebindings': 'path',
};

const definitions = 'apiextensions.k8s.io/customresourcedefinitions';

/** What Go writes of an empty status. */
const emptyStatus: Readonly<Record<string, Json>> = {
  'apps/daemonsets': { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  'apps/replicasets': { replicas: 0 },
  'apps/statefulsets': { replicas: 0, availableReplicas: 0 },
  'autoscaling/horizontalpodautoscalers': { desiredReplicas: 0, currentMetrics: null },
  'policy/poddisruptionbudgets': { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
};

const nodeInfo = [
  'architecture',
  'bootID',
  'containerRuntimeVersion',
  'kernelVersion',
  'kubeProxyVersion',
  'kubeletVersion',
  'machineID',
  'operatingSystem',
  'osImage',
  'systemUUID',
];

function node(object: Json): void {
  // The admission plug-in TaintNodesByCondition: a new node is not ready.
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
  const spec = ensureObject(object, 'spec');
  spec.taints = [...list(spec.taints), taint];
  const status = ensureObject(object, 'status');
  setDefault(status, 'daemonEndpoints', { kubeletEndpoint: { Port: 0 } });
  const info = ensureObject(status, 'nodeInfo');
  for (const field of nodeInfo) setDefault(info, field, '');
}

type Prepare = (object: Json, now: Temporal.Instant) => void;

const creations: Readonly<Record<string, Prepare>> = {
  '/nodes': node,
  '/events': fillEvent,
  [definitions]: (object) => {
    object.status = freshStatus(object);
  },
  '/namespaces': (object) => {
    const finalizers = texts(objectOf(object.spec).finalizers);
    object.spec = { finalizers: [...finalizers.filter((one) => one !== 'kubernetes'), 'kubernetes'] };
    object.status = { phase: 'Active' };
  },
  '/pods': (object) => {
    object.status = { phase: 'Pending', qosClass: 'BestEffort' };
    const pod = ensureObject(object, 'spec');
    setDefault(pod, 'preemptionPolicy', 'PreemptLowerPriority');
    setDefault(pod, 'priority', 0);
  },
  '/services': (object) => {
    object.status = { loadBalancer: {} };
    allocate(ensureObject(object, 'spec'), text(objectOf(object.metadata).uid));
  },
  'batch/jobs': (object) => {
    object.status = {};
    const metadata = objectOf(object.metadata);
    const job = ensureObject(object, 'spec');
    if (job.manualSelector === true) return;
    const template = ensureObject(ensureObject(job, 'template'), 'metadata');
    const labels = ensureObject(template, 'labels');
    const unlabelled = Object.keys(objectOf(metadata.labels)).length === 0;
    Object.assign(labels, {
      'batch.kubernetes.io/controller-uid': metadata.uid,
      'batch.kubernetes.io/job-name': metadata.name,
      'controller-uid': metadata.uid,
      'job-name': metadata.name,
    });
    if (unlabelled) metadata.labels = { ...labels };
    job.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': metadata.uid } };
  },
};

/** A cluster address that depends on the object alone: nothing here routes, so two may share one. */
function allocate(spec: Json, uid: string): void {
  if (spec.type === 'ExternalName') return;
  if (spec.clusterIP === undefined) {
    const number = Number.parseInt(uid.slice(0, 4), 16) % 60_000;
    spec.clusterIP = `10.96.${Math.floor(number / 250)}.${(number % 250) + 1}`;
  }
  setDefault(spec, 'clusterIPs', [spec.clusterIP]);
  // Without addresses and without pods nothing limits what it may be.
  const free = spec.clusterIP === 'None' && Object.keys(objectOf(spec.selector)).length === 0;
  setDefault(spec, 'ipFamilies', free ? ['IPv4', 'IPv6'] : ['IPv4']);
  setDefault(spec, 'ipFamilyPolicy', free ? 'RequireDualStack' : 'SingleStack');
}

const keepsAddress = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'];

const updates: Readonly<Record<string, (next: Json, live: Json) => void>> = {
  '/events': fillEvent,
  '/services': (next, live) => {
    const spec = ensureObject(next, 'spec');
    for (const field of keepsAddress) setDefault(spec, field, objectOf(live.spec)[field]);
  },
  '/namespaces': (next, live) => {
    next.spec = live.spec;
  },
  'batch/jobs': (next, live) => {
    const spec = ensureObject(next, 'spec');
    const before = objectOf(live.spec);
    setDefault(spec, 'selector', before.selector);
    if (isObject(spec.template) && isObject(before.template)) {
      const metadata = ensureObject(spec.template, 'metadata');
      setDefault(metadata, 'labels', objectOf(before.template.metadata).labels);
    }
  },
};

export function builtInRules(key: string, hasStatus: boolean): Rules {
  const part = counted[key];
  const prepare = creations[key];
  const update = updates[key];
  const validate = key === definitions ? checkDefinition : builtInChecks[key];
  const namePattern = namePatterns[key];
  const zeros = alwaysWritten[key];
  return {
    ...(part === undefined ? {} : { counted: part }),
    createOnUpdate: createOnUpdate.has(key),
    unconditionalUpdate: !needsRevision(key),
    ...(namePattern === undefined ? {} : { namePattern }),
    keptByStatus: keptByStatus[key] ?? [],
    ...(zeros === undefined ? {} : { zeros }),
    prepareCreate: (object, now) => {
      if (prepare !== undefined) prepare(object, now);
      else if (hasStatus) object.status = { ...emptyStatus[key] };
    },
    ...(update === undefined ? {} : { prepareUpdate: update }),
    ...(validate === undefined ? {} : { validate }),
    ...(key === '/namespaces' ? { validateStatus: namespacePhase } : {}),
  };
}
