/** Revisions as clients send them. */
import { ApiFailure } from '../errors.ts';

/** @throws ApiFailure 500, as kube-apiserver has it, for what is no revision */
export function checkRevision(revision: string | undefined): void {
  if (revision === undefined || /^\d+$/.test(revision)) return;
  throw new ApiFailure(500, '', `strconv.ParseUint: parsing "${revision}": invalid syntax`);
}
