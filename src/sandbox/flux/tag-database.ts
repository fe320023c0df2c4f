/** What the scans found, as image-reflector keeps it beside the objects: whole tag lists are no status. */
import { crc32 } from 'node:zlib';

export interface TagDatabase {
  /** Undefined before the first scan, for example after a restart. */
  tags(canonicalImageName: string): readonly string[] | undefined;
  /** Returns a checksum that is the same for the same tags. */
  set(canonicalImageName: string, tags: readonly string[]): string;
}

export function createTagDatabase(): TagDatabase {
  const lists = new Map<string, readonly string[]>();
  return {
    tags: (name) => lists.get(name),
    set(name, tags) {
      lists.set(name, [...tags]);
      return String(crc32([...tags].sort().join('\n')));
    },
  };
}
