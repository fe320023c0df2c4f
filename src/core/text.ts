/** Texts of people and of other systems, on their way into a status. */

/**
 * At most `longest` UTF-16 units. Half of a surrogate pair, which a cut may leave, would be stored as another character
 * and so be written again at every look.
 */
export function shorten(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed();
}
