import Type from 'typebox';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineResource } from './define-resource.ts';
import { InvalidObjectError } from './errors.ts';
import type { KubeObject } from './meta.ts';
import type { ResourceType } from './resource-type.ts';
import { Rollout, type RolloutSpec } from './rollout.ts';
import type { Tag } from './tag.ts';

const Widget = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  scope: 'Cluster',
  description: 'Widget is for tests.',
  spec: Type.Object({
    size: Type.Integer({ minimum: 1 }),
    color: Type.Optional(Type.Enum(['red', 'green'])),
    label: Type.Optional(Type.String({ pattern: '^[a-z]+$' })),
  }),
  status: Type.Object({ note: Type.Optional(Type.String()) }),
  columns: [],
  upgrade(object) {
    if (typeof object.spec === 'number') object.spec = { size: object.spec };
  },
});

const widget = (spec: unknown, more: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'a' },
  spec,
  ...more,
});

describe('parse', () => {
  test('returns the very object, with fields that no schema knows', () => {
    const object = widget({ size: 1, extra: { deep: [1] } }, { status: { note: 'n', more: true }, top: 1 });
    expect(Widget.parse(object)).toBe(object);
  });

  test('leaves rules about values to the API server', () => {
    expect(Widget.parse(widget({ size: 0, label: 'UPPER' })).spec.label).toBe('UPPER');
  });

  test('upgrades a copy', () => {
    const old = widget(3);
    expect(Widget.parse(old)).toEqual(widget({ size: 3 }));
    expect(old.spec).toBe(3);
  });

  test.each([
    ['a wrong type', widget({ size: 'big' }), '/spec/size'],
    ['a fraction', widget({ size: 1.5 }), '/spec/size'],
    ['a value of no enumeration', widget({ size: 1, color: 'blue' }), '/spec/color'],
    ['a missing field', widget({}), '/spec'],
    ['no spec', { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' } }, ''],
    ['text', 'widget', ''],
    ['nothing', undefined, ''],
  ])('refuses %s and names the place', (_, object, path) => {
    let error: unknown;
    try {
      Widget.parse(object);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InvalidObjectError);
    const { violations, kind } = error as InvalidObjectError;
    expect(kind).toBe('Widget');
    expect(violations.map((violation) => violation.path)).toContain(path);
  });

  test('names the object that it refuses', () => {
    const object = { ...widget({}), metadata: { name: 'a', namespace: 'b' } };
    expect(() => Widget.parse(object)).toThrow(/^Widget b\/a does not fit its schema: \/spec /);
  });
});

test('types say what is known, and no more', () => {
  expectTypeOf(Widget.parse).returns.toExtend<KubeObject>();
  expectTypeOf(Widget).toExtend<ResourceType>();
  expectTypeOf<ReturnType<typeof Widget.parse>['spec']['color']>().toEqualTypeOf<'red' | 'green' | undefined>();
  expectTypeOf<ReturnType<typeof Widget.parse>['anything']>().toBeUnknown();
  expectTypeOf<RolloutSpec['failurePolicy']>().toEqualTypeOf<'Rollback' | 'Halt' | undefined>();
  type Entry = NonNullable<NonNullable<Rollout['status']>['history']>[number];
  expectTypeOf<Entry['version']['tag']>().toEqualTypeOf<Tag>();
  expectTypeOf<string>().not.toExtend<Tag>();
  expect(Rollout.apiVersion).toBe('kuberik.com/v1alpha1');
});
