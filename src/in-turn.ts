/** The last that is under way for each place. */
interface Turns<Place> {
  get(place: Place): Promise<unknown> | undefined;
  set(place: Place, last: Promise<unknown>): unknown;
  delete(place: Place): unknown;
}

/** Runs the work once all is over, well or not, that came to this place before. */
export async function inTurn<Place, T>(
  turns: Turns<Place>,
  place: Place,
  work: () => Promise<T>,
): Promise<T> {
  const own = Promise.resolve(turns.get(place)).then(work, work);
  turns.set(place, own);
  try {
    return await own;
  } finally {
    if (turns.get(place) === own) turns.delete(place);
  }
}
