/** A namespaced kind as a stand-in reads and writes it: the fields it uses are typed, the rest survives. */
import Type, { type TSchema } from 'typebox';
import { parserFor } from '../api/define-resource.ts';
import { ObjectMeta } from '../api/meta.ts';

export function defineType<Spec extends TSchema, Status extends TSchema>(
  apiVersion: string,
  kind: string,
  plural: string,
  spec: Spec,
  status: Status,
) {
  const schema = Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: ObjectMeta,
    spec,
    status: Type.Optional(status),
  });
  return { apiVersion, kind, plural, namespaced: true, parse: parserFor(kind, schema) };
}
