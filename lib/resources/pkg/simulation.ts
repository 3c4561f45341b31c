/** What apt says it would do. */
export type Simulation = {
  readonly works: boolean;
  /** One trial for all declarations together. */
  readonly together: boolean;
  /** Packages it would install or change, with their new version. */
  readonly installs: Readonly<Record<string, string>>;
  /** Packages it would remove, with their version. */
  readonly removes: Readonly<Record<string, string>>;
  /** Why it would not work, in apt's words. */
  readonly errors: readonly string[];
};

/** Reads the trial of one declaration, or else that of all together. */
export function readSimulation(lines: readonly (readonly string[])[], index: string): Simulation | null {
  const head = [index, 'all'].map((name) =>
    lines.find(([mark, each]) => mark === 'simulated' && each === name),
  );
  const [, name, code] = head.find((line) => line !== undefined) ?? [];
  if (name === undefined) return null;
  const plan = lines.flatMap(([mark, each, text]) => (mark === 'plan' && each === name ? [text ?? ''] : []));
  const read = (pattern: RegExp) =>
    Object.fromEntries(
      plan.flatMap((line) => {
        const [, each, version] = pattern.exec(line) ?? [];
        return each === undefined ? [] : [[each, version ?? '']];
      }),
    );
  return {
    works: code === '0',
    together: name === 'all',
    installs: read(/^Inst (\S+) (?:\[\S+\] )?\((\S+)/),
    removes: read(/^(?:Remv|Purg) (\S+) \[([^\]\s]+)\]/),
    errors: plan.filter((line) => /^E: | : /.test(line)).map((line) => line.replace(/^E: /, '').trim()),
  };
}
