/** `kustomization.yaml` as far as the sandbox builds it. A field that it does not know is refused, never ignored. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { isRecord } from '../../api/json.ts';
import { valueIn } from '../yaml.ts';

/** What cannot be built: becomes `BuildFailed` with this message. */
export class BuildFault extends Error {
  override readonly name = 'BuildFault';
}

const text = Type.Optional(Type.String());
const strings = Type.Optional(Type.Record(Type.String(), Type.String()));

export const ImageOverride = Type.Object({ name: Type.String(), newName: text, newTag: text, digest: text });
export type ImageOverride = Static<typeof ImageOverride>;

const LabelRule = Type.Object({
  pairs: Type.Record(Type.String(), Type.String()),
  includeSelectors: Type.Optional(Type.Boolean()),
  includeTemplates: Type.Optional(Type.Boolean()),
});

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const fields = {
  apiVersion: text,
  kind: text,
  metadata: Type.Optional(Type.Unknown()),
  resources: Type.Optional(Type.Array(Type.String())),
  namespace: text,
  namePrefix: text,
  nameSuffix: text,
  commonLabels: strings,
  commonAnnotations: strings,
  labels: Type.Optional(Type.Array(LabelRule)),
  images: Type.Optional(Type.Array(ImageOverride)),
};
const KustomizeFile = Type.Object(fields);
export type KustomizeFile = Static<typeof KustomizeFile>;

const validator = Compile(KustomizeFile);
const check = (value: unknown): value is KustomizeFile => validator.Check(value);

/** The names that kustomize recognises, in its order. */
export const kustomizeFileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** @throws BuildFault for YAML that does not parse, a wrong shape, and any field that the sandbox does not build. */
export function parseKustomizeFile(path: string, source: string): KustomizeFile {
  const value = decoded(path, () => valueIn(source)) ?? {};
  if (!isRecord(value)) throw new BuildFault(`${path} is no kustomization: a mapping is expected`);
  const known = Object.keys(fields);
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new BuildFault(`${path}: the sandbox does not build the field "${unknown}"; it builds ${known.join(', ')}`);
  }
  if (check(value)) return value;
  const [violation] = validator.Errors(value);
  throw new BuildFault(`${path}: ${violation?.instancePath ?? ''} ${violation?.message ?? 'is invalid'}`);
}

/** @param what of the fault, before what `decode` says @throws BuildFault for whatever `decode` throws */
export function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new BuildFault(`${what}: ${error instanceof Error ? error.message : 'no YAML'}`, { cause: error });
  }
}
