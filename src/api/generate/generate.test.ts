import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Type from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { crdObjects } from '../crds.ts';
import { operations } from '../operations.ts';
import { policies, policyObjects } from '../policies/objects.ts';
import type { ClusterRole } from '../policies/roles.ts';
import { resources } from '../resources.ts';
import { crdObject } from './crd.ts';
import { crdFile, crdListFile } from './crd-file.ts';
import { differences, writeFiles } from './disk.ts';
import { generatedFiles } from './files.ts';
import { GENERATED_NOTE } from './generated-file.ts';
import { policyFile, policyListFile, rolesFile } from './policy-file.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

const root = join(import.meta.dirname, '../../..');

test('the committed files are what the definitions say', async () => {
  expect(await differences(root, generatedFiles())).toEqual([]);
});

test('files that are missing, changed or left over are named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'generate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = ['a', 'b', 'c'].map((name) => ({ path: `out/${name}.md`, text: name }));
  await writeFiles(folder, files);
  expect(await differences(folder, files)).toEqual([]);
  await writeFile(join(folder, 'out/a.md'), 'changed');
  await rm(join(folder, 'out/b.md'));
  await writeFile(join(folder, 'out/d.md'), `<!-- ${GENERATED_NOTE} -->`);
  await writeFile(join(folder, 'out/by-hand.md'), 'not ours');
  expect(await differences(folder, files)).toEqual([
    'out/a.md: differs from what src/api says',
    'out/b.md: is missing',
    'out/d.md: is no longer generated',
  ]);
  await writeFiles(folder, files);
  expect(await differences(folder, files)).toEqual([]);
  expect(await readFile(join(folder, 'out/by-hand.md'), 'utf8')).toBe('not ours');
});

/** Every node of a schema, with its path. */
function* nodes(path: string, schema: StructuralSchema): Generator<[string, StructuralSchema]> {
  yield [path, schema];
  for (const [name, field] of Object.entries(schema.properties ?? {})) yield* nodes(`${path}.${name}`, field);
  if (schema.items !== undefined) yield* nodes(`${path}[]`, schema.items);
  if (schema.additionalProperties !== undefined) yield* nodes(`${path}{}`, schema.additionalProperties);
}

const schemas = crdObjects().map((crd) => ({
  name: crd.metadata.name,
  schema: crd.spec.versions[0]?.schema.openAPIV3Schema ?? {},
}));

// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
describe.each(schemas)('the schema of $name', ({ schema }) => {
  const all = [...nodes('', schema)];

  test.each(all)('%s is structural', (_, node) => {
    expect(node.type).toBeOneOf(['object', 'array', 'string', 'integer', 'number', 'boolean']);
    for (const banned of ['$ref', 'const', 'anyOf', 'oneOf', 'allOf', 'not', 'patternProperties', 'uniqueItems']) {
      expect(node).not.toHaveProperty(banned);
    }
    if (node.properties !== undefined) expect(node).not.toHaveProperty('additionalProperties');
    if (node.type === 'array') expect(node.items).toBeDefined();
    if (node.items !== undefined) expect(node.type).toBe('array');
    for (const name of node.required ?? []) expect(node.properties).toHaveProperty([name]);
    if (node.enum !== undefined && node.default !== undefined) expect(node.enum).toContain(node.default);
  });

  test('every field says what it is', () => {
    const described = all.filter(([path]) => !['', '.kind', '.metadata'].includes(path) && !/(\[\]|\{\})$/.test(path));
    expect(described.filter(([, { description }]) => (description ?? '').length < 10)).toEqual([]);
  });

  test('map lists have required keys', () => {
    for (const [, node] of all.filter(([, list]) => list['x-kubernetes-list-type'] === 'map')) {
      const keys = node['x-kubernetes-list-map-keys'];
      expect(node.items?.required).toEqual(expect.arrayContaining(Array.isArray(keys) ? keys : ['(none)']));
    }
  });

  test('what a CEL rule reads directly has a bound', () => {
    for (const [path, node] of all) {
      for (const { rule } of node['x-kubernetes-validations'] ?? []) {
        for (const [, dotted = ''] of rule.matchAll(
          /(?<!has\()self\.([a-zA-Z.]+?)(?=\.size\(|\.matches\(|[^a-zA-Z.]|$)/g,
        )) {
          const field = dotted
            .split('.')
            .reduce<StructuralSchema | undefined>((at, name) => at?.properties?.[name], node);
          expect(field, `${path}: ${dotted}`).toBeDefined();
          const bounds = ['maxLength', 'maxItems', 'maxProperties', 'enum'].filter((key) => field?.[key] !== undefined);
          expect(bounds, `${path}: ${dotted}`).not.toEqual([]);
        }
      }
    }
  });
});

describe('a CRD', () => {
  test('has a status that is written by itself, and one stored version', () => {
    for (const crd of crdObjects()) {
      expect(crd.spec.versions).toMatchObject([{ served: true, storage: true, subresources: { status: {} } }]);
    }
  });

  test.each(resources.map((resource) => resource.options))('of $kind is in its file as it is', (options) => {
    const { path, text } = crdFile(options);
    expect(path).toBe(`deploy/crds/${options.group}_${options.plural}.yaml`);
    expect(text).toMatch(/^# Generated .*do not edit/);
    expect(parse(text)).toEqual(crdObject(options));
  });

  test('is in the list that kubectl reads', () => {
    const options = resources.map((resource) => resource.options);
    const names = options.map((each) => basename(crdFile(each).path));
    expect(parse(crdListFile(options).text)).toMatchObject({ kind: 'Kustomization', resources: names.sort() });
  });

  test('shows a release in the column Available, and the bake time as one', () => {
    const columns = crdObjects()[0]?.spec.versions[0]?.additionalPrinterColumns;
    expect(columns).toContainEqual({
      name: 'Available',
      type: 'string',
      jsonPath: '.status.availableReleases[-1:].tag',
    });
    expect(columns).toContainEqual({ name: 'BakeTime', type: 'string', jsonPath: '.spec.bakeTime' });
  });
});

describe('a policy', () => {
  test.each(policies)('$name is in its file as it is, with what makes it work', (definition) => {
    const { path, text } = policyFile(definition);
    const documents = parseAllDocuments(text).map((document): unknown => document.toJS());
    expect(documents).toEqual(policyObjects().filter(({ metadata }) => metadata.name === definition.name));
    expect(parse(policyListFile(policies).text)).toMatchObject({
      resources: expect.arrayContaining([basename(path)]) as string[],
    });
  });

  test('speaks of names that are there', () => {
    const roles = parseAllDocuments(rolesFile().text).map((document) => document.toJS() as ClusterRole);
    const names = roles.map(({ metadata }) => metadata.name);
    const texts = policies.flatMap(({ validations }) => validations.map(({ message }) => message));
    const named = texts.flatMap((message) => [...message.matchAll(/ClusterRole (\S+) /g)].map(([, name]) => name));
    expect(named).toHaveLength(Object.keys(operations).length);
    expect(names).toEqual(expect.arrayContaining(named));
  });
});

describe('structuralSchema', () => {
  test('gives an enumeration its type, a map its values and an unknown value its freedom', () => {
    const schema = Type.Object({
      color: Type.Enum(['red']),
      labels: Type.Record(Type.String(), Type.Integer()),
      anything: Type.Unknown(),
    });
    expect(structuralSchema(schema).properties).toEqual({
      color: { type: 'string', enum: ['red'] },
      labels: { type: 'object', additionalProperties: { type: 'integer' } },
      anything: { 'x-kubernetes-preserve-unknown-fields': true },
    });
  });

  test.each([
    ['a union', Type.Union([Type.String(), Type.Null()]), 'anyOf'],
    ['a constant', Type.Literal('a'), 'const'],
    ['a closed object', Type.Object({}, { additionalProperties: false }), 'additionalProperties'],
  ])('refuses %s instead of losing it', (_, schema, keyword) => {
    expect(() => structuralSchema(schema)).toThrow(`a CRD cannot carry the keyword "${keyword}"`);
  });
});
