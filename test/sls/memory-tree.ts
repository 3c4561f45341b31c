import type { Tree } from '../../lib/model/ports.ts';

/** A tree of files in memory. */
export function memoryTree(root: string, files: Readonly<Record<string, string>>): Tree {
  const encoder = new TextEncoder();
  return {
    root,
    read(path) {
      const text = files[path];
      return text === undefined ? undefined : encoder.encode(text);
    },
    list: () => Object.keys(files).toSorted(),
  };
}
