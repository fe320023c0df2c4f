/**
 * Writes `definitions.generated.ts` and `resources.generated.ts` from the API description that Kubernetes publishes
 * in its repository (`api/openapi-spec/v3`, `api/discovery`; Apache-2.0).
 * Run: `npx node src/sandbox/apiserver/builtin/generate.ts <directory of the Kubernetes source>`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, list, objects, text } from '../json.ts';

const served: Readonly<Record<string, readonly string[]>> = {
  '': ['v1'],
  'admissionregistration.k8s.io': ['v1'],
  'apiextensions.k8s.io': ['v1'],
  apps: ['v1'],
  'authentication.k8s.io': ['v1'],
  'authorization.k8s.io': ['v1'],
  autoscaling: ['v2', 'v1'],
  batch: ['v1'],
  'coordination.k8s.io': ['v1'],
  'discovery.k8s.io': ['v1'],
  'events.k8s.io': ['v1'],
  'networking.k8s.io': ['v1'],
  policy: ['v1'],
  'rbac.authorization.k8s.io': ['v1'],
  'scheduling.k8s.io': ['v1'],
  'storage.k8s.io': ['v1'],
};

const longestDescription = 180;

function readJson(root: string, ...path: string[]): unknown {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

function write(name: string, body: string): void {
  const head = '// Generated from the API description of Kubernetes (Apache-2.0) by generate.ts; do not edit.\n';
  writeFileSync(new URL(name, import.meta.url), head + body);
}

function firstSentence(description: string): string {
  const line = description.replaceAll(/\s+/g, ' ').split(/(?<=\.) /, 1)[0] ?? '';
  return line.length <= longestDescription ? line : `${line.slice(0, longestDescription - 1)}…`;
}

/** Drops what only documents a zero value, and unfolds the `allOf` around a single reference. */
function compact(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(compact);
  if (!isObject(schema)) return schema;
  const out: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' && typeof value === 'string') out[key] = firstSentence(value);
    else if (key === 'default' && (value === '' || value === 0 || value === false || isObject(value))) continue;
    else if (key === 'allOf' && Array.isArray(value) && value.length === 1) Object.assign(out, value[0]);
    else out[key] = compact(value);
  }
  return out;
}

function references(schema: unknown, found: Set<string>): void {
  if (Array.isArray(schema)) for (const item of schema) references(item, found);
  if (!isObject(schema)) return;
  if (typeof schema.$ref === 'string') found.add(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1));
  for (const value of Object.values(schema)) references(value, found);
}

function groupFile(group: string, version: string): string {
  return `${group === '' ? 'api' : `apis__${group}`}__${version}_openapi.json`;
}

function writeDefinitions(root: string): void {
  const all: Json = {};
  const wanted = new Set<string>();
  for (const [group, versions] of Object.entries(served)) {
    for (const version of versions) {
      const document = readJson(root, 'api/openapi-spec/v3', groupFile(group, version));
      if (!isObject(document) || !isObject(document.components) || !isObject(document.components.schemas)) continue;
      for (const [name, schema] of Object.entries(document.components.schemas)) {
        all[name] = compact(schema);
        const kinds = isObject(schema) ? objects(schema['x-kubernetes-group-version-kind']) : [];
        if (kinds.some((kind) => kind.group === group && kind.version === version)) wanted.add(name);
      }
    }
  }
  const lines: string[] = [];
  // A Set yields what is added while it is walked: the closure over references.
  for (const name of wanted) references(all[name], wanted);
  for (const name of [...wanted].sort()) lines.push(`  '${name}': ${quote(JSON.stringify(all[name]))},`);
  write(
    'definitions.generated.ts',
    `/** Schemas of the built-in kinds by definition name, as JSON text. */\nexport const definitionTexts: Readonly<Record<string, string>> = {\n${lines.join('\n')}\n};\n`,
  );
}

function quote(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\');
  return escaped.includes("'") ? `\`${escaped.replaceAll('`', '\\`').replaceAll('${', '\\${')}\`` : `'${escaped}'`;
}

function writeResources(root: string): void {
  const document = readJson(root, 'api/discovery/aggregated_v2.json');
  const core = readJson(root, 'api/discovery/api__v1.json');
  const rows: Json[] = coreRows(core);
  for (const group of objects(isObject(document) ? document.items : undefined)) {
    const name = isObject(group.metadata) ? text(group.metadata.name) : '';
    for (const version of objects(group.versions)) {
      if (served[name]?.includes(text(version.version)) !== true) continue;
      for (const resource of objects(version.resources)) rows.push(row(name, text(version.version), resource));
    }
  }
  write(
    'resources.generated.ts',
    `/** Built-in resources as JSON text, one per line. */\nexport const resourceTexts: readonly string[] = [\n${rows
      .map((value) => `  '${JSON.stringify(value)}',`)
      .join('\n')}\n];\n`,
  );
}

function row(group: string, version: string, resource: Json): Json {
  const kind = isObject(resource.responseKind) ? text(resource.responseKind.kind) : '';
  return {
    group,
    version,
    plural: resource.resource,
    singular: resource.singularResource,
    kind,
    namespaced: resource.scope === 'Namespaced',
    shortNames: list(resource.shortNames),
    categories: list(resource.categories),
    verbs: list(resource.verbs),
    subresources: objects(resource.subresources).map((sub) => ({
      name: sub.subresource,
      verbs: list(sub.verbs),
      responseKind: sub.responseKind,
    })),
  };
}

/** The core group appears only in the old discovery format. */
function coreRows(document: unknown): Json[] {
  const entries = objects(isObject(document) ? document.resources : undefined);
  return entries
    .filter((entry) => !text(entry.name).includes('/'))
    .map((entry) => {
      const plural = text(entry.name);
      const subresources = entries
        .filter((sub) => text(sub.name).startsWith(`${plural}/`))
        .map((sub) => ({
          subresource: text(sub.name).slice(plural.length + 1),
          verbs: sub.verbs,
          responseKind: { group: sub.group ?? '', version: sub.version ?? '', kind: sub.kind },
        }));
      return row('', 'v1', {
        ...entry,
        resource: plural,
        singularResource: entry.singularName,
        responseKind: { kind: entry.kind },
        scope: entry.namespaced === true ? 'Namespaced' : 'Cluster',
        subresources,
      });
    });
}

const root = process.argv[2];
if (root === undefined) throw new Error('name the directory of the Kubernetes source');
writeDefinitions(root);
writeResources(root);
