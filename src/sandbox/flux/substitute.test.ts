import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BuildFault } from './kustomize-file.ts';
import { substitute, substituteManifest } from './substitute.ts';

const variables = new Map([
  ['VERSION', '1.10.0'],
  ['NAME', 'web'],
  ['EMPTY', ''],
  ['PATH_', 'a/b/c.tar.gz'],
]);

describe('substitute', () => {
  test.each([
    ['app:${VERSION}', 'app:1.10.0'],
    ['${VERSION}${NAME}', '1.10.0web'],
    ['${MISSING}', ''],
    ['${MISSING:=blue}', 'blue'],
    ['${MISSING:-blue}', 'blue'],
    ['${EMPTY:-blue}', 'blue'],
    ['${VERSION:=blue}', '1.10.0'],
    ['${MISSING:-${NAME}-x}', 'web-x'],
    ['${MISSING:-}', ''],
    ['$${VERSION}', '${VERSION}'],
    ['$VERSION costs $5', '$VERSION costs $5'],
    ['$$', '$'],
    ['end$', 'end$'],
    ['${#NAME}', '3'],
    ['${NAME^^}', 'WEB'],
    ['${NAME^}', 'Web'],
    ['${NAME:1}', 'eb'],
    ['${NAME:0:2}', 'we'],
    ['${VERSION/./-}', '1-10.0'],
    ['${VERSION//./-}', '1-10-0'],
    ['${PATH_##*/}', 'c.tar.gz'],
    ['${PATH_#*/}', 'b/c.tar.gz'],
    ['${PATH_%%.*}', 'a/b/c'],
    ['${PATH_%.*}', 'a/b/c.tar'],
    ['${PATH_#?/?}', '/c.tar.gz'],
    ['${PATH_##x*}', 'a/b/c.tar.gz'],
    ['${PATH_%%*}', ''],
    ['${PATH_#.+}', 'a/b/c.tar.gz'],
  ])('%s becomes %s', (text, expected) => {
    expect(substitute(text, variables)).toBe(expected);
  });

  test.each(['${', '${VERSION', '${}', '${a.b}', '${VERSION!}'])('%s is refused', (text) => {
    expect(() => substitute(text, variables)).toThrow(BuildFault);
  });
});

test('a pattern of many stars does not take longer and longer', () => {
  const many = new Map([['A', 'a'.repeat(5_000)]]);
  expect(substitute('${A#*a*a*a*a*a*b}', many)).toBe('a'.repeat(5_000));
  expect(substitute('${A%%b*a*a*a*a*a*}', many)).toBe('a'.repeat(5_000));
});

test('text whose dollars are doubled comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', ' ') }), (text) => {
      expect(substitute(text.replaceAll('$', '$$$$'), variables)).toBe(text);
    }),
  );
});

describe('substituteManifest', () => {
  const manifest = (metadata: Record<string, unknown>) => ({ kind: 'ConfigMap', metadata, data: { v: '${VERSION}' } });

  test('replaces in every value', () => {
    expect(substituteManifest(manifest({ name: '${NAME}' }), variables)).toMatchObject({
      metadata: { name: 'web' },
      data: { v: '1.10.0' },
    });
  });

  test.each(['labels', 'annotations'])('leaves alone what is disabled by %s', (field) => {
    const disabled = manifest({ [field]: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } });
    expect(substituteManifest(disabled, variables)).toEqual(disabled);
  });

  test('leaves expressions alone when there are no variables at all, as Flux does', () => {
    expect(substituteManifest(manifest({}), new Map()).data).toEqual({ v: '${VERSION}' });
  });

  test('refuses a variable that is no shell name', () => {
    expect(() => substituteManifest(manifest({}), new Map([['a-b', '1']]))).toThrow("'a-b' var name is invalid");
  });
});
