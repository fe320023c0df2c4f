/** The two kinds of Kubernetes itself that reading releases needs. */
import Type from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { ObjectMeta } from '../../api/meta.ts';

export const Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  parse: parserFor('Namespace', Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta })),
};
export type Namespace = ReturnType<typeof Namespace.parse>;

/** Only ever read by name, never listed or kept. */
export const Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  parse: parserFor(
    'Secret',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      type: Type.Optional(Type.String()),
      /** Values are base64. */
      data: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  ),
};
export type Secret = ReturnType<typeof Secret.parse>;
