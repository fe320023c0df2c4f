/** Builds the plain manifests of an artifact: files, directories, and the overlays between them. */
import { posix } from 'node:path';
import { isRecord } from '../../api/json.ts';
import { valuesIn } from '../yaml.ts';
import type { ArtifactFiles } from './artifact-store.ts';
import { BuildFault, decoded, type KustomizeFile, kustomizeFileNames, parseKustomizeFile } from './kustomize-file.ts';
import { type Manifest, transform } from './kustomize-transform.ts';

/** More nested directories than this are taken for a cycle. */
const deepest = 20;

const utf8 = new TextDecoder();

/** What the Flux Kustomization adds to the topmost `kustomization.yaml`. */
export type Overrides = Pick<KustomizeFile, 'namespace' | 'namePrefix' | 'nameSuffix' | 'images'>;

/** `spec.path` as a path from the root of the artifact; empty for the root itself. */
export function buildPath(path: string | undefined): string {
  // Joined to a root first, so that no path leaves the artifact.
  return posix.join('/', path ?? '').replace(/^\/+|\/+$/g, '');
}

/** Whether there is anything at this path: a path that is not there is no build error but `ArtifactFailed`. */
export function hasPath(files: ArtifactFiles, path: string): boolean {
  return path === '' || [...files.keys()].some((name) => name.startsWith(`${path}/`));
}

/**
 * The manifests below a directory, in the order of its `kustomization.yaml`; without one, every `*.yaml` and `*.yml`
 * below it by name, as Flux generates it.
 * @throws BuildFault
 */
export function buildManifests(files: ArtifactFiles, directory: string, overrides: Overrides): Manifest[] {
  const own = kustomizeFileOf(files, directory);
  const file = own ?? { resources: generatedResources(files, directory) };
  const manifests = accumulate(files, directory, withOverrides(file, overrides), 0);
  refuseDuplicates(manifests);
  return manifests;
}

function withOverrides(file: KustomizeFile, { namespace, namePrefix, nameSuffix, images }: Overrides): KustomizeFile {
  const replaced = new Set(images?.map(({ name }) => name));
  return {
    ...file,
    ...(namespace === undefined ? {} : { namespace }),
    ...(namePrefix === undefined ? {} : { namePrefix }),
    ...(nameSuffix === undefined ? {} : { nameSuffix }),
    images: [...(file.images ?? []).filter(({ name }) => !replaced.has(name)), ...(images ?? [])],
  };
}

function kustomizeFileOf(files: ArtifactFiles, directory: string): KustomizeFile | undefined {
  for (const name of kustomizeFileNames) {
    const path = posix.join(directory, name);
    const content = files.get(path);
    if (content !== undefined) return parseKustomizeFile(path, utf8.decode(content));
  }
  return undefined;
}

/** A directory with its own `kustomization.yaml` is one resource; nothing below it is looked at. */
function generatedResources(files: ArtifactFiles, directory: string): string[] {
  const prefix = directory === '' ? '' : `${directory}/`;
  const below = [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const units = below
    .filter((path) => kustomizeFileNames.includes(posix.basename(path)) && path.includes('/'))
    .map((path) => posix.dirname(path))
    .filter((unit, _, all) => !all.some((other) => other !== unit && unit.startsWith(`${other}/`)));
  const plain = below.filter((path) => /\.ya?ml$/.test(path) && !units.some((unit) => path.startsWith(`${unit}/`)));
  return [...units, ...plain].sort();
}

function accumulate(files: ArtifactFiles, directory: string, file: KustomizeFile, depth: number): Manifest[] {
  if (depth > deepest) throw new BuildFault(`${directory}: more than ${deepest} directories refer to each other`);
  const manifests = (file.resources ?? []).flatMap((resource) => {
    if (resource.includes('://')) {
      throw new BuildFault(`${directory}: the sandbox does not fetch the remote resource ${resource}`);
    }
    return loadResource(files, directory, resource, depth);
  });
  transform(manifests, file);
  return manifests;
}

function loadResource(files: ArtifactFiles, directory: string, resource: string, depth: number): Manifest[] {
  const path = posix.join(directory, resource).replace(/\/$/, '');
  if (path.startsWith('..')) throw new BuildFault(`${directory}: resource ${resource} leaves the artifact`);
  const content = files.get(path);
  if (content !== undefined) return parseManifests(path, utf8.decode(content));
  const nested = kustomizeFileOf(files, path === '.' ? '' : path);
  if (nested !== undefined) return accumulate(files, path, nested, depth + 1);
  throw new BuildFault(
    `accumulating resources from '${resource}': neither a file nor a directory with a kustomization.yaml: ${path}`,
  );
}

/** Every document of a YAML file; a `List` is its items, an empty document nothing. */
function parseManifests(path: string, source: string): Manifest[] {
  const values = decoded(`failed to decode Kubernetes YAML from ${path}`, () => valuesIn(source));
  const present = values.filter((value) => value !== null && value !== undefined);
  return present.flatMap(itemsOf).map((item) => checked(path, item));
}

function itemsOf(value: unknown): readonly unknown[] {
  return isRecord(value) && value.kind === 'List' && Array.isArray(value.items) ? value.items : [value];
}

function checked(path: string, value: unknown): Manifest {
  const manifest = isRecord(value) ? value : {};
  const { apiVersion, kind, metadata } = manifest;
  const name = isRecord(metadata) ? metadata.name : undefined;
  if (typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string' && name !== '')
    return manifest;
  throw new BuildFault(`failed to decode Kubernetes apiVersion, kind and name from ${path}`);
}

/** Anything may be where a text belongs, also what cannot be made one. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refuseDuplicates(manifests: readonly Manifest[]): void {
  const seen = new Set<string>();
  for (const { apiVersion, kind, metadata } of manifests) {
    const { name, namespace = '' } = isRecord(metadata) ? metadata : {};
    const id = [apiVersion, kind, namespace, name].map(textOf).join('/');
    if (seen.has(id)) throw new BuildFault(`may not add resource with an already registered id: ${id}`);
    seen.add(id);
  }
}
