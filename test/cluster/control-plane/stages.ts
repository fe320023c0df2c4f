/**
 * What becomes of pods, as kwok's Stages: its own ones, and one for images whose tag says `broken` or ends with `.666`.
 * Those start, and crash again and again. A file of stages replaces all that are built into kwok, so that its own are in it too.
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

/** @param kwok its own stages @returns the file for `--config` */
export function podStages(kwok: readonly string[]): string {
  const stages = kwok.map((text) => parse(text) as Stage).filter(({ kind }) => kind === 'Stage');
  const ready = stages.find(({ metadata }) => metadata.name === 'pod-ready');
  if (ready === undefined) throw new Error('kwok has no stage "pod-ready" any more');
  const others = stages.filter((stage) => stage !== ready);
  const all = [
    ...others,
    variant(ready, 'pod-ready', { key: broken, operator: 'NotIn', values: ['broken'] }, ready.spec.next),
    variant(ready, 'pod-crashing', { key: broken, operator: 'In', values: ['broken'] }, { statusTemplate: crashing }),
  ];
  return all.map((stage) => stringify(stage)).join('---\n');
}

function variant(stage: Stage, name: string, requirement: Requirement, next: Stage['spec']['next']): Stage {
  const { selector } = stage.spec;
  const matchExpressions = [...selector.matchExpressions, requirement];
  return { ...stage, metadata: { name }, spec: { ...stage.spec, selector: { matchExpressions }, next } };
}
