/** What stands where a text belongs, and cannot be made one, stopped the whole build. Found by the fuzzers. */
import { expect, it } from 'vitest';
import { buildManifests } from './kustomize.ts';
import { BuildFault, parseKustomizeFile } from './kustomize-file.ts';
import { transform } from './kustomize-transform.ts';

it.each([
  ['a kind', 'namespace: shop', { kind: { toString: 1 }, metadata: { name: 'a' } }],
  [
    'a reference',
    'nameSuffix: -b',
    { kind: 'Pod', metadata: { name: 'a' }, spec: { secretKeyRef: { name: { toString: 1 } } } },
  ],
])('%s that is no text is left as it is', (_, file, manifest) => {
  const before = structuredClone(manifest);
  transform([manifest], parseKustomizeFile('kustomization.yaml', file));
  expect(manifest).toMatchObject({ kind: before.kind, ...('spec' in before && { spec: before.spec }) });
});

it('YAML that is nested too deeply is refused', () => {
  expect(() => parseKustomizeFile('kustomization.yaml', `namePrefix: ${'x: '.repeat(20_000)}`)).toThrow(BuildFault);
});

it.each([
  ['is nested too deeply', `a: ${'x: '.repeat(20_000)}`],
  ['expands without end', `a: &a [b]\nd: &d [*a, *a, *a, *a, *a, *a, *a]\ne: [${'*d,'.repeat(200)}]`],
  ['contains itself', 'apiVersion: v1\nkind: a\nmetadata: { name: b }\nc: &a [*a]'],
  ['is none', 'a: [b\nc: d'],
])('a manifest whose YAML %s is refused', (_, source) => {
  const files = new Map([['app.yaml', new TextEncoder().encode(source)]]);
  expect(() => buildManifests(files, '', {})).toThrow(BuildFault);
});
