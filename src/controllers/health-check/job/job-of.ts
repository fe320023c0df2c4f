/** The Job of one run, from the template of its check. What the template leaves out is filled in, nothing is overwritten. Pure. */
import { parseDuration } from '../../../api/duration.ts';
import { HEALTH_CHECK_DEFAULTS, HealthCheck } from '../../../api/health-check.ts';
import type { JobHealth } from '../../../api/health-check-classes.ts';
import { isRecord } from '../../../api/json.ts';
import type { KubeObject } from '../../../api/meta.ts';
import { Job } from '../../../integrations/batch/job.ts';
import { labelsFor, type Run } from './run.ts';

type Fields = Readonly<Record<string, unknown>>;

export function jobOf(check: HealthCheck, { template }: JobHealth, run: Run): KubeObject {
  const { name, namespace = '', uid = '' } = check.metadata;
  const { labels = {}, annotations } = template.metadata ?? {};
  const pods = fieldsOf(template.spec.template);
  return {
    apiVersion: Job.apiVersion,
    kind: Job.kind,
    metadata: {
      name: run.jobName,
      namespace,
      labels: { ...labels, ...labelsFor(check, run) },
      ...(annotations !== undefined && { annotations }),
      ownerReferences: [{ apiVersion: HealthCheck.apiVersion, kind: HealthCheck.kind, name, uid, controller: true }],
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: bound(check.spec.timeout),
      ...template.spec,
      template: { ...pods, spec: podSpec(fieldsOf(pods.spec), environment(run)) },
    },
  };
}

/** @returns seconds */
function bound(timeout: string | undefined): number {
  const duration = timeout === undefined ? HEALTH_CHECK_DEFAULTS.jobTimeout : parseDuration(timeout);
  return Math.max(1, Math.ceil(Temporal.Duration.from(duration).total('seconds')));
}

function podSpec(spec: Fields, variables: Fields): Fields {
  const lists = ['containers', 'initContainers'].flatMap((field) => {
    const containers: unknown = spec[field];
    // What is no list is for the API server to refuse.
    return Array.isArray(containers) ? [[field, containers.map((one) => container(one, variables))] as const] : [];
  });
  return { restartPolicy: 'Never', ...spec, ...Object.fromEntries(lists) };
}

function container(given: unknown, variables: Fields): unknown {
  if (!isRecord(given)) return given;
  const own: readonly unknown[] = Array.isArray(given.env) ? given.env : [];
  const names = new Set(own.map((variable) => fieldsOf(variable).name));
  const added = Object.entries(variables).flatMap(([name, value]) => (names.has(name) ? [] : [{ name, value }]));
  // Ours first: the others may refer to them.
  return { terminationMessagePolicy: 'FallbackToLogsOnError', ...given, env: [...added, ...own] };
}

/** What is not known is empty. */
function environment({ rollout, entry }: Run): Fields {
  const { tag, revision = '', digest = '' } = entry.version;
  return {
    KUBERIK_ROLLOUT: rollout.metadata.name,
    KUBERIK_NAMESPACE: rollout.metadata.namespace ?? '',
    KUBERIK_VERSION: tag,
    KUBERIK_REVISION: revision,
    KUBERIK_DIGEST: digest,
  };
}

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
