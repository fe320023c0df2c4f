/** A file that is written by the generator, as text. */

export const GENERATED_NOTE =
  'Generated from src/api, do not edit: change the definition there and run `npm run generate`.';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}
