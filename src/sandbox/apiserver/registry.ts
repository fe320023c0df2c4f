/** The resources that are served now: the built-in ones and those of the CustomResourceDefinitions. */
import { builtInResources } from './builtin/resources.ts';
import { customResource } from './custom/resource.ts';
import { type Json, objectOf, text } from './json.ts';
import { type ResourceType, type Target, targetOf } from './resource.ts';

export const definitionsKey = 'apiextensions.k8s.io/customresourcedefinitions';

export class Registry {
  /** By `group/plural` as requests name them (two groups may share one store key). */
  readonly #types = new Map<string, ResourceType>();
  #generation = 0;

  constructor() {
    for (const type of builtInResources()) this.#types.set(`${type.group}/${type.plural}`, type);
  }

  /** Grows whenever a resource comes, changes or goes: what is computed from all of them can be kept until then. */
  get generation(): number {
    return this.#generation;
  }

  all(): ResourceType[] {
    return [...this.#types.values()];
  }

  find(group: string, version: string, plural: string): Target | undefined {
    const type = this.#types.get(`${group}/${plural}`);
    const served = type?.versions.get(version);
    return type === undefined || served === undefined ? undefined : targetOf(type, served);
  }

  byStoreKey(key: string): ResourceType | undefined {
    return this.#types.get(key);
  }

  /** The kind that an `ownerReferences` entry or an event names. */
  byKind(group: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.group === group && type.kind === kind);
  }

  install(crd: Json): ResourceType {
    const type = customResource(crd);
    this.#types.set(type.key, type);
    this.#generation += 1;
    return type;
  }

  uninstall(crd: Json): ResourceType | undefined {
    const spec = objectOf(crd.spec);
    const key = `${text(spec.group)}/${text(objectOf(spec.names).plural)}`;
    const type = this.#types.get(key);
    this.#types.delete(key);
    this.#generation += 1;
    return type;
  }
}
