/** Events are stored once and served under two groups, whose fields have different names. */
import type { Json } from '../json.ts';
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

function renamed(object: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value]));
}

/** `events.k8s.io/v1` from and to the stored core form. */
export const eventConversion: Conversion = {
  fromStored: (object) => renamed(object, coreToEvents),
  toStored: (object) => renamed(object, eventsToCore),
};
