/** Which OCIRepository a Kustomization applies, and the other way round. */
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import type { IndexDefinition } from '../../kube/object-index.ts';
import type { Reader } from '../../kube/reader.ts';
import { Kustomization } from './kustomization.ts';
import { OCIRepository } from './oci-repository.ts';

/** The OCIRepository of a Kustomization; undefined when it applies a source of another kind. */
export function sourceOf({ spec, metadata }: Kustomization): ObjectKey | undefined {
  const { kind, name, namespace = metadata.namespace } = spec.sourceRef ?? {};
  return kind === OCIRepository.kind && name !== undefined ? { namespace: namespace ?? '', name } : undefined;
}

const bySource: IndexDefinition<Kustomization> = {
  name: 'source',
  valuesOf: (kustomization) => {
    const source = sourceOf(kustomization);
    return source === undefined ? [] : [keyText(source)];
  },
};

/** The Kustomizations that apply what an OCIRepository fetches. @param namespace default: they may be in any */
export function kustomizationsFedBy(
  reader: Reader,
  source: ObjectKey,
  namespace?: string,
): Promise<readonly Kustomization[]> {
  const within = namespace === undefined ? {} : { namespace };
  return reader.find(Kustomization, { index: bySource, value: keyText(source), ...within });
}

/** Whether a Kustomization applies what this OCIRepository fetched. */
export function isSourceOf(repository: OCIRepository, kustomization: Kustomization): boolean {
  const source = sourceOf(kustomization);
  return source !== undefined && keyText(source) === keyText(keyOf(repository));
}
