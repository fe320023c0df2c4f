/** The kinds that sequences are about: what a good object of each has, and what is wrong with a bad one. */
import { type Field, field, type Kind } from './kind.ts';
import { builtInKinds } from './kinds-built-in.ts';
import { customKinds } from './kinds-custom.ts';

export const kinds = { ...builtInKinds, ...customKinds } satisfies Record<string, Kind>;
export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

export const kindOf = (name: KindName): Kind => kinds[name];

/** What every object has. */
export const metadataFields: readonly Field[] = [
  field('metadata.labels.app', ['x', 'y', ''], ['not good!', 5, 'x'.repeat(64)]),
  field('metadata.labels.example~com/tier', ['web', 'db']),
  field('metadata.labels', [{ app: 'x' }, {}], [null, { 'bad key!': 'x' }, 'x', ['x']]),
  field('metadata.annotations.note', ['one', 'two'], [7]),
  field('metadata.annotations', [{ note: 'one', 'example.com/more': '' }, {}], [{ 'bad key!': 'x' }, [1]]),
  field(
    'metadata.finalizers',
    [['example.com/hold'], ['example.com/hold', 'example.com/more'], [], []],
    [['bad'], ['a b/c'], 'x', [1]],
  ),
  // Told, and of no consequence, or refused.
  field('metadata.generation', [], [7, 'x']),
  field('metadata.uid', [], ['other', '']),
  field('metadata.name', [], ['other', '', 3]),
  field('metadata.namespace', [], ['other', '']),
  field('metadata.creationTimestamp', [], ['2030-01-01T00:00:00Z', null, 'noon']),
  field('metadata.deletionTimestamp', [], ['2030-01-01T00:00:00Z', null]),
  field('metadata.managedFields', [], [[], [{}]]),
  field('metadata.foo', [], ['x']),
  field('metadata.resourceVersion', [], ['x', '0', '1', '']),
];

/** What nobody knows, at the top. */
export const unknownFields: readonly Field[] = [field('foo', [], ['x', { a: 1 }])];
/** What says that an object is another one. */
export const identityFields: readonly Field[] = [
  field('kind', [], ['Other', 'ConfigMap']),
  field('apiVersion', [], ['v9', 'example.com/v1']),
];
