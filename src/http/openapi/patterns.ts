/*
 * What validation does, as far as a regular expression can say it (JSON Schema takes those of ECMA-262): what they let
 * through is taken, but for what only a list can tell. White space around a value, which is removed, and the letters of an
 * internationalised domain, which are stored as its A-label, are taken too, and left out here for the sake of what is read
 * by people and by generators of clients.
 */

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** See `canonicalEmailAddress`. The last label begins with a letter, as every top-level domain does. */
export const emailPattern =
  `^(?![-=+|\`])(?=[^@]{1,64}@)${atom}(?:\\.${atom})*` +
  `@(?:${label}\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`;

/** No NUL. Half a character, which is refused as well, no regular expression of every library can name. */
export const passwordPattern = '^[^\\u0000]*$';

/** No line breaks or other controls, and nothing that turns the direction of the text. */
export const fullNamePattern =
  '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$';

/** A UUID of version 8. */
export const tokenPattern = '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';
