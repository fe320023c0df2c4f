/**
 * What becomes of pods, as kwok's Stages: its own ones, and one for images whose tag says `broken` or ends with `.666`.
 * Those start, and crash again and again. A pod of a Job that is told such a version fails, or one whose annotation
 * `test/outcome` says `fail`; with `hang` it runs for ever. `test/finish-after` is how long a pod of a Job runs.
 * A file of stages replaces all that are built into kwok, so that its own are in it too.
 */
import { parse, stringify } from 'yaml';

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

interface Stage {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: { readonly apiGroup: string; readonly kind: string };
    readonly selector: { readonly matchExpressions: readonly Requirement[] };
    readonly delay?: Readonly<Record<string, unknown>>;
    readonly next: Readonly<Record<string, unknown>>;
  };
}

/** A jq expression over the pod. */
const broken = '(if any(.spec.containers[].image; test("broken|[.]666$")) then "broken" else null end)';

const crashing = `
{{ $now := Now }}
conditions:
{{ range list "Initialized" "PodScheduled" }}
- { type: {{ . | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
{{ range list "Ready" "ContainersReady" }}
- { type: {{ . | Quote }}, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  restartCount: 1
  state: { waiting: { reason: CrashLoopBackOff, message: back-off restarting failed container } }
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`;

/** A jq expression over the pod of a Job: the version that the Job is run for decides, unless an annotation does. */
const outcome = `(.metadata.annotations["test/outcome"] // (if any(.spec.containers[].env[]?; .name == "KUBERIK_VERSION" and ((.value // "") | test("broken|[.]666$"))) then "fail" else "succeed" end))`;

/** As the kubelet, it fills in the end of the log only where the container asks for it. */
const failing = `
{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: 1
      reason: Error
      {{ if eq (or .terminationMessagePolicy "") "FallbackToLogsOnError" }}
      message: "checking the version\\nassertion failed: 3 of 7 requests were answered 500\\n"
      {{ end }}
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
phase: Failed
`;

const finishAfter = {
  durationMilliseconds: 0,
  durationFrom: { expressionFrom: '.metadata.annotations["test/finish-after"]' },
};

/** @param kwok its own stages @returns the file for `--config` */
export function podStages(kwok: readonly string[]): string {
  const stages = kwok.map((text) => parse(text) as Stage).filter(({ kind }) => kind === 'Stage');
  const [ready, complete] = ['pod-ready', 'pod-complete'].map((name) => {
    const found = stages.find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`kwok has no stage "${name}" any more`);
    return found;
  }) as [Stage, Stage];
  const others = stages.filter((stage) => stage !== ready && stage !== complete);
  const finish = { ...complete, spec: { ...complete.spec, delay: finishAfter } };
  const all = [
    ...others,
    variant(ready, 'pod-ready', { key: broken, operator: 'NotIn', values: ['broken'] }, ready.spec.next),
    variant(finish, 'pod-complete', { key: outcome, operator: 'In', values: ['succeed'] }, complete.spec.next),
    variant(finish, 'pod-failed', { key: outcome, operator: 'In', values: ['fail'] }, { statusTemplate: failing }),
    variant(ready, 'pod-crashing', { key: broken, operator: 'In', values: ['broken'] }, { statusTemplate: crashing }),
  ];
  return all.map((stage) => stringify(stage)).join('---\n');
}

function variant(stage: Stage, name: string, requirement: Requirement, next: Stage['spec']['next']): Stage {
  const { selector } = stage.spec;
  const matchExpressions = [...selector.matchExpressions, requirement];
  return { ...stage, metadata: { name }, spec: { ...stage.spec, selector: { matchExpressions }, next } };
}
