import { editDistance } from '../../edit-distance.js';
import { variables } from './variables.js';

/** Ours. Every variable of the process is compared with them at every start, by what is left of both without case and signs. */
const known = variables.map(({ name }) => ({
  name,
  letters: bare(name),
  isPrefixed: name.startsWith('FLUENTMEET_'),
}));

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * The variable of ours that is likely meant by a name that is none: '' where one of ours is meant and nobody can say which,
 * undefined where the name is one of ours, or somebody else's.
 *
 * @param texts what is set: of those without our prefix, one that is set is not missed
 */
export function meantVariable(name: string, texts: Texts): string | undefined {
  return known.some((ours) => ours.name === name)
    ? undefined
    : (meantBy(name) ?? meantUnprefixed(name, texts));
}

function meantBy(name: string): string | undefined {
  const isPrefixed = /^fluent[_-]?meet[_-]/i.test(name);
  const typed = bare(name);
  // FLUENTMEET_PORT is PORT.
  const unprefixed = known.find(({ letters }) => `FLUENTMEET${letters}` === typed);
  if (unprefixed) return unprefixed.name;
  const most = isPrefixed ? 3 : 2;
  const distances = known
    .filter((ours) => ours.isPrefixed)
    .map((ours) => ({ ours, distance: editDistance(typed, ours.letters, most) }));
  const nearest = distances.reduce((best, one) => (one.distance < best.distance ? one : best));
  if (nearest.distance <= most) return nearest.ours.name;
  return isPrefixed ? '' : undefined;
}

/** Those of ours that others have as well, or that are near to others' names. */
const commonplace: readonly string[] = ['PORT', 'HOST', 'LOG_LEVEL'];

/**
 * The one without our prefix that is likely meant, where it is not set: `KAFKA_BROKER`, `DATABASE_URI`. One slip, or two in a
 * long name, and never in the first letter: `EMAIL_FROM` and `KAFKA_BROKER_ID` are somebody else's.
 */
function meantUnprefixed(name: string, texts: Texts): string | undefined {
  const typed = bare(name);
  return known.find((ours) => {
    if (ours.isPrefixed || commonplace.includes(ours.name) || texts[ours.name]?.trim()) return false;
    const most = ours.letters.length < 15 ? 1 : 2;
    return typed[0] === ours.letters[0] && editDistance(typed, ours.letters, most) <= most;
  })?.name;
}

function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}
