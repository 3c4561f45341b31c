/** In which order hosts try what may cut slab off: one, then a tenth of the others, then the rest. */
export function wavesOf<T>(hosts: readonly T[]): readonly (readonly T[])[] {
  const tenth = 1 + Math.ceil((hosts.length - 1) / 10);
  return [hosts.slice(0, 1), hosts.slice(1, tenth), hosts.slice(tenth)].filter((wave) => wave.length > 0);
}
