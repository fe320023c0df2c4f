/** Everything that others than the holders of a Secret can see of a world. */
import { isRecord } from '../../src/api/json.ts';
import type { Canaries, Sighting } from './canary.ts';

/** What there is to read, by what it is called in a report. */
export type Channels = ReadonlyMap<string, string>;

/** GETs a path of the API server as an administrator. */
export type ReadApi = (path: string) => Promise<unknown>;

/** Fields that hold what people wrote there by themselves, wrong as it may be. */
const prometheusUrl = 'healthcheck.kuberik.com/prometheus-url';
const theirs: ReadonlySet<string> = new Set(['RolloutGate', 'HealthCheck']);
/** Kinds that the controllers never write: what Flux says of its own accord is not theirs to keep. */
const read = /image\.toolkit\.fluxcd\.io\/\w+\/image(repositories|policies)$/;

/** Every object of every kind but Secrets, Events among them. */
export async function objectsIn(ask: ReadApi): Promise<Channels> {
  const found = new Map<string, string>();
  for (const path of await listsIn(ask)) {
    if (read.test(path)) continue;
    const list = await ask(path);
    const items: readonly unknown[] = isRecord(list) && Array.isArray(list.items) ? list.items : [];
    for (const item of items) {
      if (!isRecord(item) || !isRecord(item.metadata) || isOfFlux(item)) continue;
      const { namespace = '', name = '' } = item.metadata;
      found.set(`${path}: ${String(namespace)}/${String(name)}`, JSON.stringify(withoutTheirs(item, path)));
    }
  }
  return found;
}

/** An Event of somebody else. */
function isOfFlux({ source, reportingController, reportingComponent }: Readonly<Record<string, unknown>>): boolean {
  const component = isRecord(source) ? source.component : undefined;
  const names = [component, reportingController, reportingComponent];
  return names.some((name) => typeof name === 'string' && /^(image-reflector|kustomize|source)-controller$/.test(name));
}

function withoutTheirs(item: Readonly<Record<string, unknown>>, path: string): unknown {
  const isTheirs = [...theirs].some((kind) => path.endsWith(`/${kind.toLowerCase().replace(/y$/, 'ie')}s`));
  if (!isTheirs) return item;
  const { spec: _, ...rest } = structuredClone(item);
  const annotations = isRecord(rest.metadata) && isRecord(rest.metadata.annotations) ? rest.metadata.annotations : {};
  Reflect.deleteProperty(annotations, prometheusUrl);
  return rest;
}

async function listsIn(ask: ReadApi): Promise<readonly string[]> {
  const groups = await ask('/apis');
  const versions = isRecord(groups) && Array.isArray(groups.groups) ? (groups.groups as unknown[]) : [];
  const named = versions.flatMap((group) => {
    const preferred = isRecord(group) && isRecord(group.preferredVersion) ? group.preferredVersion : {};
    return [`/apis/${String(preferred.groupVersion)}`];
  });
  const lists: string[] = [];
  for (const version of ['/api/v1', ...named]) {
    const served = await ask(version);
    const resources: readonly unknown[] = isRecord(served) && Array.isArray(served.resources) ? served.resources : [];
    for (const resource of resources) {
      if (!isRecord(resource) || !Array.isArray(resource.verbs) || !resource.verbs.includes('list')) continue;
      if (resource.name !== 'secrets') lists.push(`${version}/${String(resource.name)}`);
    }
  }
  return lists;
}

export interface Leak extends Sighting {
  readonly channel: string;
}

export function leaksIn(canaries: Canaries, channels: Channels): readonly Leak[] {
  return [...channels].flatMap(([channel, text]) => canaries.find(text).map((sighting) => ({ channel, ...sighting })));
}

/** One line for each canary and form, from the first channel that has it, and how many have. */
export function told(leaks: readonly Leak[]): readonly string[] {
  const groups = Map.groupBy(leaks, ({ canary, form }) => `${canary} (${form})`);
  return [...groups].map(
    ([what, [first, ...more]]) =>
      `${what} in ${first?.channel ?? ''} and ${more.length} more: …${first?.context ?? ''}…`,
  );
}
