import { editDistance } from '../edit-distance.js';
import { variables } from './variables.js';

const names: readonly string[] = variables.map(({ name }) => name);

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * The variable of ours that is likely meant by a name that is none: '' where one of ours is meant and nobody can say which,
 * undefined where the name is one of ours, or somebody else's.
 *
 * @param texts what is set: of those without our prefix, one that is set is not missed
 */
export function meantVariable(name: string, texts: Texts): string | undefined {
  return names.includes(name) ? undefined : (meantBy(name) ?? meantUnprefixed(name, texts));
}

function meantBy(name: string): string | undefined {
  const isPrefixed = /^fluent[_-]?meet[_-]/i.test(name);
  // FLUENTMEET_PORT is PORT.
  const unprefixed = names.find((each) => bare(`FLUENTMEET_${each}`) === bare(name));
  if (unprefixed) return unprefixed;
  const distances = names
    .filter((ours) => ours.startsWith('FLUENTMEET_'))
    .map((ours) => ({ ours, distance: editDistance(bare(name), bare(ours)) }));
  const nearest = distances.reduce((best, one) => (one.distance < best.distance ? one : best));
  if (nearest.distance <= (isPrefixed ? 3 : 2)) return nearest.ours;
  return isPrefixed ? '' : undefined;
}

/** Those of ours that others have as well, or that are near to others' names. */
const commonplace: readonly string[] = ['PORT', 'HOST', 'LOG_LEVEL'];

/**
 * The one without our prefix that is likely meant, where it is not set: `KAFKA_BROKER`, `DATABASE_URI`. One slip, or two in a
 * long name, and never in the first letter: `EMAIL_FROM` and `KAFKA_BROKER_ID` are somebody else's.
 */
function meantUnprefixed(name: string, texts: Texts): string | undefined {
  return names.find((ours) => {
    if (ours.startsWith('FLUENTMEET_') || commonplace.includes(ours) || texts[ours]?.trim()) return false;
    const [typed, wanted] = [bare(name), bare(ours)];
    return typed[0] === wanted[0] && editDistance(typed, wanted) <= (wanted.length < 15 ? 1 : 2);
  });
}

function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}
