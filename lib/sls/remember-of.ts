/**
 * Remembers what a function makes of an object for as long as the object is there. Hosts that render an SLS alike share
 * what was read of it, so that most of a fleet's states are looked at once.
 */
export function rememberOf<K extends object, V>(make: (key: K) => V & {}): (key: K) => V {
  const known = new WeakMap<K, V & {}>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
