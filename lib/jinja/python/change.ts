/** Who is told; rendering is synchronous, so there is one. */
let listener: () => void = () => undefined;

/** A list or dict is about to be changed in its place, which everyone sees who holds it. */
export function noteChange(): void {
  listener();
}

/** Tells somebody else of every change that some work makes, before it is made. */
export function tellingChanges<T>(told: () => void, work: () => T): T {
  const before = listener;
  listener = told;
  try {
    return work();
  } finally {
    listener = before;
  }
}
