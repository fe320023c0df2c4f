/** `batch` runs Jobs: what of batch/v1, and of their pods, is written and read. */
import Type, { type Static } from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { ObjectMeta } from '../../api/meta.ts';

const text = Type.Optional(Type.String());

const JobCondition = Type.Object({
  type: Type.String(),
  status: Type.String(),
  reason: text,
  message: text,
  lastTransitionTime: text,
});
export type JobCondition = Static<typeof JobCondition>;

export const Job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
  parse: parserFor(
    'Job',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      spec: Type.Optional(Type.Object({ suspend: Type.Optional(Type.Boolean()) })),
      status: Type.Optional(Type.Object({ startTime: text, conditions: Type.Optional(Type.Array(JobCondition)) })),
    }),
  ),
};
export type Job = ReturnType<typeof Job.parse>;

const Terminated = Type.Object({ exitCode: Type.Optional(Type.Integer()), message: text, finishedAt: text });
const ContainerStatus = Type.Object({
  name: Type.String(),
  state: Type.Optional(Type.Object({ terminated: Type.Optional(Terminated) })),
  lastState: Type.Optional(Type.Object({ terminated: Type.Optional(Terminated) })),
});

export const Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  parse: parserFor(
    'Pod',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      status: Type.Optional(
        Type.Object({
          phase: text,
          message: text,
          containerStatuses: Type.Optional(Type.Array(ContainerStatus)),
          initContainerStatuses: Type.Optional(Type.Array(ContainerStatus)),
        }),
      ),
    }),
  ),
};
export type Pod = ReturnType<typeof Pod.parse>;

/** How a Job ended; undefined: it has not. */
export function endOf({ status }: Job): JobCondition | undefined {
  return status?.conditions?.find(({ type, status: holds }) => /^(Complete|Failed)$/.test(type) && holds === 'True');
}
