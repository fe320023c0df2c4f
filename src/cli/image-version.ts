/** Which version of Flux' image kinds a cluster serves: the present one, or the one before. */
import { type ImageApiVersion, imagePolicyType } from '../integrations/flux/image-policy.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/errors.ts';

/**
 * `v1` when the cluster knows neither: Flux may be installed later, and then it is a new one.
 * @param namespace one that may be read; default: all may.
 */
export async function servedImageVersion(
  client: KubeClient,
  signal: AbortSignal,
  namespace = '',
): Promise<ImageApiVersion> {
  for (const version of ['v1', 'v1beta2'] as const) {
    try {
      await client.list(imagePolicyType(version), { namespace, limit: 1, signal });
      return version;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return 'v1';
}
