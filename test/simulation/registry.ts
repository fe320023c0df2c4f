/** The registry: tags of images, what each of them names, and when it came. */
import { parseDigest } from '../../src/api/tag.ts';
import { digestOf } from '../../src/integrations/flux/testing/scripted-registry.ts';
import { OciError } from '../../src/oci/errors.ts';
import type { ManifestMetadata, Registry } from '../../src/oci/registry.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { ServiceWeather } from './weather.ts';

interface Pushed {
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export class SimulatedRegistry implements Registry {
  readonly #clock: VirtualClock;
  readonly #weather: ServiceWeather;
  readonly #images = new Map<string, Map<string, Pushed>>();
  #moves = 0;

  constructor(clock: VirtualClock, weather: ServiceWeather) {
    this.#clock = clock;
    this.#weather = weather;
  }

  push(image: string, tag: string): void {
    this.#put(image, tag, '');
  }

  /** Somebody pushes other content under a tag that is there. */
  move(image: string, tag: string): void {
    this.#moves += 1;
    if (this.#of(image).has(tag)) this.#put(image, tag, `moved ${this.#moves}`);
  }

  remove(image: string, tag: string): void {
    this.#of(image).delete(tag);
  }

  tags(image: string): readonly string[] {
    return [...this.#of(image).keys()];
  }

  digest(image: string, tag: string): string | undefined {
    return this.#of(image).get(tag)?.digest;
  }

  /** When the tag came, or came to name what it names. */
  pushedAt(image: string, tag: string): number {
    return this.#of(image).get(tag)?.at ?? 0;
  }

  async listTags(image: string): Promise<readonly string[]> {
    const tags = this.tags(image);
    await this.#meet(image);
    return tags;
  }

  async readManifest(image: string, reference: string): Promise<ManifestMetadata> {
    const found = [...this.#of(image)].find(([tag, { digest }]) => reference === tag || reference === digest);
    await this.#meet(image);
    if (found === undefined) throw new OciError('KBK_OCI_NOT_FOUND', image, 'no such manifest', { retryable: false });
    const [, { digest, at }] = found;
    return {
      digest: parseDigest(digest),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: undefined,
      version: undefined,
      revision: undefined,
      created: Temporal.Instant.fromEpochMilliseconds(at).toString(),
      source: undefined,
      title: undefined,
      description: undefined,
    };
  }

  async #meet(image: string): Promise<void> {
    const fate = this.#weather.fateOfService('registry', image);
    if (fate.is === 'slow') await new Promise<void>((resolve) => void this.#clock.after(fate.by, resolve));
    if (fate.is !== 'served') this.#clock.stir();
    if (fate.is === 'down') throw new OciError('KBK_OCI_UNAVAILABLE', image, 'it is down', { retryable: true });
    if (fate.is === 'lying') {
      throw new OciError('KBK_OCI_INVALID_RESPONSE', image, 'it answers nonsense', { retryable: true });
    }
  }

  #put(image: string, tag: string, content: string): void {
    this.#of(image).set(tag, { digest: digestOf(tag, content), at: this.#clock.milliseconds });
  }

  #of(image: string): Map<string, Pushed> {
    const tags = this.#images.get(image) ?? new Map<string, Pushed>();
    this.#images.set(image, tags);
    return tags;
  }
}
