/** A namespace on the real control plane, where Flux looks when it is asked to, rather than at its next interval. */
import type { KubeObject } from '../../../src/api/meta.ts';
import type { ResourceType } from '../../../src/api/resource-type.ts';
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { RECONCILE_REQUEST } from '../../../src/sandbox/flux/requests.ts';
import { Space } from '../../support/space.ts';

export class ClusterSpace extends Space {
  override async push(tag: string, pushed: Parameters<Space['push']>[1] = {}): Promise<string> {
    const digest = await super.push(tag, pushed);
    await this.#request(ImageRepository, this.image(pushed.name));
    return digest;
  }

  override async pushManifests(files: Record<string, string>, tag = 'latest', name = 'manifests'): Promise<void> {
    await super.pushManifests(files, tag, name);
    await this.#request(OCIRepository, `oci://${this.image(name)}`);
    await this.#request(ImageRepository, this.image(name));
  }

  /** After a push that went past this class. */
  scan(name: string): Promise<void> {
    return this.#request(ImageRepository, this.image(name));
  }

  /** What `flux reconcile` does, for those that read what was pushed. */
  async #request(type: ResourceType, address: string): Promise<void> {
    const { items } = await this.client.list(type, { namespace: this.namespace });
    for (const item of items as readonly (KubeObject & { readonly spec: { image?: string; url?: string } })[]) {
      if (item.spec.image !== address && item.spec.url !== address) continue;
      const annotations = { [RECONCILE_REQUEST]: `${performance.now()}` };
      await this.patch(type, item.metadata.name, { metadata: { annotations } });
    }
  }
}
