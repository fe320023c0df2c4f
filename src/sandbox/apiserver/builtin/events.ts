/** Events are stored once and served under two groups, whose fields have different names. */
import { type Json, remove } from '../json.ts';
import type { Conversion } from '../resource.ts';

const coreToEvents: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};
const eventsToCore = Object.fromEntries(Object.entries(coreToEvents).map(([core, events]) => [events, core]));

/** Fields that a core Event always shows. */
export function fillEvent(event: Json): void {
  for (const field of ['eventTime', 'firstTimestamp', 'lastTimestamp']) event[field] ??= null;
  for (const field of ['reportingComponent', 'reportingInstance']) event[field] ??= '';
  event.source ??= {};
}

/** @param key of a resource: events of either group */
export const isEvent = (key: string): boolean => key === '/events' || key === 'events.k8s.io/events';

function renamed(object: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value]));
}

/** `events.k8s.io/v1` from and to the stored core form. */
export const eventConversion: Conversion = {
  fromStored: (object) => {
    const event = renamed(object, coreToEvents);
    for (const field of ['reportingController', 'reportingInstance']) if (event[field] === '') remove(event, field);
    return event;
  },
  toStored: (object) => {
    const event = renamed(object, eventsToCore);
    fillEvent(event);
    return event;
  },
};
