/** What an Event must say: more in the group that is its own. */
import { cause, type FieldCause } from '../field-cause.ts';
import { equal, type Json, objectOf, text } from '../json.ts';

/** Fields that an event keeps, by their names in the core group, which is what messages speak of. */
const kept: readonly (readonly [own: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['reason', 'reason'],
  ['note', 'message'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
];

/** @param object in the form of the request's group */
export function event(object: Json, old: Json | undefined): FieldCause[] {
  const own = text(object.apiVersion).startsWith('events.k8s.io/');
  const about = objectOf(own ? object.regarding : object.involvedObject);
  const namespace = text(about.namespace);
  const home = text(objectOf(object.metadata).namespace);
  // What has no namespace is told of in the default one.
  const away = namespace === '' ? home !== 'default' && home !== 'kube-system' : namespace !== home;
  const faults = away ? [cause.invalid('involvedObject.namespace', namespace, 'does not match event.namespace')] : [];
  if (!own) return faults;
  if (old === undefined) return [...faults, ...ownFaults(object)];
  const changed = kept.filter(([name]) => !equal(object[name] ?? null, old[name] ?? null));
  return [...faults, ...changed.map(([name, core]) => cause.invalid(core, object[name], 'field is immutable'))];
}

function ownFaults(event: Json): FieldCause[] {
  const required = ['eventTime', 'reportingInstance', 'action', 'reason'].filter((name) => text(event[name]) === '');
  const faults = required.map((name) => cause.required(name));
  const type = text(event.type);
  if (type !== 'Normal' && type !== 'Warning') faults.push(cause.invalid('type', '', `has invalid value: ${type}`));
  if (text(event.reportingController) === '') {
    faults.push(
      cause.invalid('reportingController', '', 'name part must be non-empty'),
      cause.invalid(
        'reportingController',
        '',
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ),
    );
  }
  return faults;
}
