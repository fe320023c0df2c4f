/** What is sent to the sandbox: paths, queries, bodies, patches, schemas, rules. */
import { isDeepStrictEqual } from 'node:util';
import { builtInResources } from '../../../src/sandbox/apiserver/builtin/resources.ts';
import { ApiFailure } from '../../../src/sandbox/apiserver/errors.ts';
import { fieldSelector } from '../../../src/sandbox/apiserver/field-selector.ts';
import { FieldSet } from '../../../src/sandbox/apiserver/fields/field-set.ts';
import { printManagers, readManagers } from '../../../src/sandbox/apiserver/fields/managers.ts';
import { mergeSchemaOf } from '../../../src/sandbox/apiserver/fields/merge-schema.ts';
import { checkOptions, selectionOf } from '../../../src/sandbox/apiserver/http/list.ts';
import { readObject, resourcePath } from '../../../src/sandbox/apiserver/http/request.ts';
import { clone, equal, isObject } from '../../../src/sandbox/apiserver/json.ts';
import { compileJsonPath } from '../../../src/sandbox/apiserver/json-path.ts';
import { labelSelector } from '../../../src/sandbox/apiserver/label-selector.ts';
import { PatchError } from '../../../src/sandbox/apiserver/patch/errors.ts';
import { applyJsonPatch } from '../../../src/sandbox/apiserver/patch/json-patch.ts';
import { applyMergePatch } from '../../../src/sandbox/apiserver/patch/merge-patch.ts';
import { applyStrategicMerge } from '../../../src/sandbox/apiserver/patch/strategic-merge.ts';
import { decodeProtobuf } from '../../../src/sandbox/apiserver/protobuf/decode.ts';
import { targetOf } from '../../../src/sandbox/apiserver/resource.ts';
import { ruleSyntaxError } from '../../../src/sandbox/apiserver/schema/cel-rules.ts';
import { hasFormat } from '../../../src/sandbox/apiserver/schema/formats.ts';
import { compileSchema } from '../../../src/sandbox/apiserver/schema/structural.ts';
import { buildManifests } from '../../../src/sandbox/flux/kustomize.ts';
import { BuildFault, parseKustomizeFile } from '../../../src/sandbox/flux/kustomize-file.ts';
import { transform } from '../../../src/sandbox/flux/kustomize-transform.ts';
import { substitute } from '../../../src/sandbox/flux/substitute.ts';
import type { BlobHandlers } from '../../../src/sandbox/registry/blobs.ts';
import type { ManifestHandlers } from '../../../src/sandbox/registry/manifests.ts';
import { Refusal } from '../../../src/sandbox/registry/refusal.ts';
import { createRoutes } from '../../../src/sandbox/registry/routes.ts';
import { holds, holdsPlain, jsonOf, lines, type Target } from '../engine/target.ts';

const isRefusal = (error: unknown): boolean => error instanceof ApiFailure;
const isPatchError = (error: unknown): boolean => error instanceof PatchError;

const jsonPath: Target = {
  name: 'json-path',
  refuses: (error) => error instanceof SyntaxError,
  run(input) {
    const [path = '', json = ''] = lines(input, 1);
    holds('it is a list', Array.isArray(compileJsonPath(path)(jsonOf(json))));
  },
};

const selectors: Target = {
  name: 'selector-query',
  refuses: isRefusal,
  run(input) {
    const matches = labelSelector(input);
    const labels = Object.fromEntries([...input.matchAll(/[\w./-]+/g)].map(([word]) => [word, 'a']));
    const found = [{}, { app: 'a' }, labels].map((one) => matches?.({ metadata: { labels: one } }));
    holds(
      'it decides',
      found.every((one) => one === undefined || typeof one === 'boolean'),
    );
    const none = /^([\w.-]+)$/.exec(input.trim());
    if (none !== null && matches !== undefined)
      holds('nothing has a label that it has not', !matches({ metadata: { labels: {} } }));
  },
};

const types = builtInResources();
const pods = types.find(({ key }) => key === '/pods');

const fields: Target = {
  name: 'field-selector',
  refuses: isRefusal,
  run(input) {
    if (pods === undefined) throw new Error('pods are not served');
    fieldSelector(input, pods)?.({ metadata: { name: 'a' }, spec: { nodeName: 'node' } });
  },
};

/** Empty when it is no list. */
function listOf(input: string): readonly unknown[] {
  const json = jsonOf(input);
  return Array.isArray(json) ? json : [];
}

/** A document and a patch of it: neither is changed, and nothing comes out that is not JSON. */
function patched(input: string, apply: (document: unknown, patch: unknown) => unknown): void {
  const [document, patch] = listOf(input);
  const before = clone([document, patch]);
  try {
    const result = apply(document, patch);
    holdsPlain(result);
  } finally {
    holds('what is patched is not changed', equal([document, patch], before));
  }
}

const jsonPatch: Target = {
  name: 'json-patch',
  form: 'json',
  refuses: isPatchError,
  run: (input) => {
    patched(input, applyJsonPatch);
  },
};

const mergePatch: Target = {
  name: 'merge-patch',
  form: 'json',
  refuses: isPatchError,
  run: (input) => {
    patched(input, (document, patch) => {
      const result = applyMergePatch(document, patch);
      holds('once more changes nothing', equal(applyMergePatch(result, patch), result));
      return result;
    });
  },
};

const podSchema = mergeSchemaOf(undefined, { group: '', kind: 'Pod' });

const strategicMerge: Target = {
  name: 'strategic-merge',
  form: 'json',
  refuses: isPatchError,
  run: (input) => {
    patched(input, (document, patch) => applyStrategicMerge(document, patch, podSchema));
  },
};

const protobuf: Target = {
  name: 'protobuf',
  form: 'bytes',
  refuses: isRefusal,
  run: (input) => {
    holdsPlain(decodeProtobuf(Buffer.from(input, 'latin1')));
  },
};

const body: Target = {
  name: 'request-body',
  refuses: isRefusal,
  run(input) {
    const [type = '', content = ''] = lines(input, 1);
    const { value } = readObject(type, Buffer.from(content), 'Widget');
    // YAML has more types than JSON.
    if (!content.includes('!')) holdsPlain(value);
  },
};

const path: Target = {
  name: 'request-path',
  refuses: isRefusal,
  run: (input) => {
    const url = URL.parse(input, 'http://server');
    if (url !== null) resourcePath(url.pathname);
  },
};

const routes = createRoutes({} as BlobHandlers, {} as ManifestHandlers);

const registryPath: Target = {
  name: 'registry-path',
  refuses: (error) => error instanceof Refusal,
  run(input) {
    const url = URL.parse(input, 'http://registry');
    if (url === null) return;
    const { repository } = routes(url);
    holds('a repository is no way out of its folder', repository === undefined || !repository.includes('..'));
  },
};

const managedFields: Target = {
  name: 'managed-fields',
  form: 'json',
  run(input) {
    const json = jsonOf(input);
    const managers = readManagers(json);
    if (managers !== undefined) {
      const printed = printManagers(managers);
      holds('what is printed is read', isDeepStrictEqual(printManagers(readManagers(printed) ?? new Map()), printed));
    }
    const set = FieldSet.parse(json);
    holds('a set is printed as it is', FieldSet.parse(set.print()).equals(set));
  },
};

const rule: Target = { name: 'cel-rule', run: (input) => ruleSyntaxError(input) };

const quantities = compileSchema({
  type: 'object',
  properties: {
    text: {
      type: 'string',
      'x-kubernetes-validations': [
        { rule: '!isQuantity(self) || quantity(self).add(quantity("1")).isGreaterThan(quantity(self))' },
      ],
    },
  },
});

const quantity: Target = {
  name: 'quantity',
  run(input) {
    holds('one more is more', quantities.validate({ text: input }).length === 0);
  },
};

const custom: Target = {
  name: 'custom-object',
  form: 'json',
  run(input) {
    const [schema, object] = listOf(input);
    if (!isObject(object)) return;
    const compiled = compileSchema(schema);
    compiled.unknownFields(object);
    compiled.prune(object);
    holds('what is pruned has no unknown field', compiled.unknownFields(object).length === 0);
    compiled.applyDefaults(object);
    const faults = compiled.validate(object, object);
    holds('faults are a list', Array.isArray(faults));
    holdsPlain(object);
  },
};

const now = Temporal.Instant.from('2026-11-21T12:00:00Z');

const builtIn: Target = {
  name: 'built-in-object',
  form: 'json',
  refuses: isRefusal,
  run(input) {
    const object = jsonOf(input);
    if (!isObject(object)) return;
    const type = types.find(({ kind }) => kind === object.kind) ?? pods;
    const [version] = type?.versions.values() ?? [];
    if (type === undefined || version === undefined) throw new Error('pods are not served');
    version.schema.decode(object);
    version.schema.applyDefaults(object);
    type.rules.validate?.(object, undefined);
    for (const column of version.columns) column.value(object, now);
    holdsPlain(object);
  },
};

const format: Target = {
  name: 'format',
  run(input) {
    const [name = '', value = ''] = lines(input, 1);
    holds('it fits, or not', typeof hasFormat(name, value) === 'boolean');
  },
};

const isBuildFault = (error: unknown): boolean => error instanceof BuildFault;

const kustomizeFile: Target = {
  name: 'kustomize-file',
  refuses: isBuildFault,
  run(input) {
    const file = parseKustomizeFile('kustomization.yaml', input);
    if (!input.includes('!')) holdsPlain(file);
  },
};

const manifests: Target = {
  name: 'manifests',
  refuses: isBuildFault,
  run(input) {
    const built = buildManifests(new Map([['app.yaml', new TextEncoder().encode(input)]]), '', {});
    if (!input.includes('!')) holdsPlain(built);
  },
};

const transformation: Target = {
  name: 'kustomize-transform',
  form: 'json',
  refuses: isBuildFault,
  run(input) {
    const json = jsonOf(input);
    if (!isObject(json)) return;
    const file = parseKustomizeFile('kustomization.yaml', JSON.stringify(json.file ?? {}));
    const all: readonly unknown[] = Array.isArray(json.manifests) ? json.manifests : [];
    const manifests = all
      .filter(isObject)
      .filter(({ metadata }) => isObject(metadata) && typeof metadata.name === 'string');
    transform(manifests, file);
    holdsPlain(manifests);
    if ((file.namePrefix ?? '') + (file.nameSuffix ?? '') !== '') return;
    const once = JSON.stringify(manifests);
    transform(manifests, file);
    const images = file.images?.length ?? 0;
    holds('once more changes nothing', images > 0 || JSON.stringify(manifests) === once);
  },
};

/** A query of a list or a watch. */
const listQuery: Target = {
  name: 'list-query',
  refuses: isRefusal,
  run(input) {
    if (pods === undefined) throw new Error('pods are not served');
    const query = new URLSearchParams(input);
    checkOptions(query, query.get('resourceVersion') ?? '');
    const [version] = pods.versions.values();
    if (version === undefined) throw new Error('pods are not served');
    const { matches } = selectionOf(targetOf(pods, version), 'team', '', query);
    holds('it decides', typeof matches({ metadata: { name: 'a', labels: { app: 'a' } } }) === 'boolean');
  },
};

const variables: Target = {
  name: 'substitute',
  refuses: isBuildFault,
  run(input) {
    const [value = '', text = ''] = lines(input, 1);
    const result = substitute(
      text,
      new Map([
        ['a', value],
        ['VERSION', 'v1.2.3'],
      ]),
    );
    holds('without a dollar nothing changes', text.includes('$') || result === text);
  },
};

export const sandboxTargets: readonly Target[] = [
  ...[
    jsonPath,
    selectors,
    fields,
    jsonPatch,
    mergePatch,
    strategicMerge,
    protobuf,
    body,
    path,
    registryPath,
    managedFields,
    rule,
  ],
  ...[quantity, custom, builtIn, format, kustomizeFile, manifests, transformation, listQuery, variables],
];
