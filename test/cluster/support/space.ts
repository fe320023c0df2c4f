/** A namespace on the real control plane: Flux scans when it is asked to, and pods crash by the name of their image. */
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { isNotFound } from '../../../src/kube/errors.ts';
import { RECONCILE_REQUEST } from '../../../src/sandbox/flux/requests.ts';
import { Space } from '../../support/space.ts';

export class ClusterSpace extends Space {
  /** And has Flux look at once, rather than at its next interval. Pods of a tag with `broken` in it crash. */
  override async push(tag: string, pushed: Parameters<Space['push']>[1] = {}): Promise<string> {
    const digest = await super.push(tag, pushed);
    await this.request(ImageRepository, pushed.name ?? 'app');
    return digest;
  }

  override async pushManifests(files: Record<string, string>, tag = 'latest', name = 'manifests'): Promise<void> {
    await super.pushManifests(files, tag, name);
    await this.request(OCIRepository, 'app');
  }

  /** What `flux reconcile` does; nothing when the object is not there yet. */
  async request(type: Parameters<Space['get']>[0], name: string): Promise<void> {
    try {
      await this.patch(type, name, { metadata: { annotations: { [RECONCILE_REQUEST]: `${performance.now()}` } } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
