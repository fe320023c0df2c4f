/** A made-up kind for tests of this room. */
import Type, { type Static } from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { ObjectMeta } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';

const WidgetSchema = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  metadata: ObjectMeta,
  spec: Type.Optional(Type.Object({ size: Type.Optional(Type.Integer()), owner: Type.Optional(Type.String()) })),
  status: Type.Optional(Type.Object({ seen: Type.Optional(Type.Integer()) })),
});
export type Widget = Static<typeof WidgetSchema> & { readonly [field: string]: unknown };

export const Widget: ResourceType<Widget> = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
  parse: parserFor('Widget', WidgetSchema),
};

export const widgetsPath = '/apis/example.com/v1/widgets';

export function widgetPath(name: string, namespace = 'default'): string {
  return `/apis/example.com/v1/namespaces/${namespace}/widgets/${name}`;
}

/** `uid` defaults to one that belongs to the name. */
export function widget(
  name: string,
  resourceVersion: string,
  rest: { uid?: string; namespace?: string; labels?: Record<string, string>; spec?: unknown; status?: unknown } = {},
): Widget {
  const { uid = `uid-${name}`, namespace = 'default', labels, spec, status } = rest;
  return Widget.parse({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace, uid, resourceVersion, ...(labels === undefined ? {} : { labels }) },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  });
}

export function widgetList(items: readonly unknown[], resourceVersion: string, next?: string): unknown {
  const metadata = { resourceVersion, ...(next === undefined ? {} : { continue: next }) };
  return { apiVersion: 'example.com/v1', kind: 'WidgetList', metadata, items };
}
