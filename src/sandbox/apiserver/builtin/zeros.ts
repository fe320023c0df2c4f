/** What Go writes of an object that nothing was put into, by `group/plural`: bookmarks are such objects. */
import type { Json } from '../json.ts';

export const zeroBodies: Readonly<Record<string, Json>> = {
  '/namespaces': { spec: {}, status: {} },
  '/events': {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  },
  'apps/deployments': {
    spec: { replicas: 0, selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} },
    status: {},
  },
  'coordination.k8s.io/leases': { spec: {} },
};
