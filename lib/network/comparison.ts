/** One of the files of networkd, netplan or ifupdown below /etc, as it is and as it shall be. */
export type StoredFile = {
  readonly path: string;
  /** Null: it goes. */
  readonly want: string | null;
  /** Null: there is none. */
  readonly have: string | null;
  /** The interface that it is for. */
  readonly device: string;
  /** Where it stands below /run while it is tried. */
  readonly trial: string;
  /** The main file of the interface as it counts now, for a trial to begin with; empty: none. */
  readonly base: string;
  /** The name that the state of the interface had when slab wrote the file, which goes as it has another one now. */
  readonly former?: string;
};

/** One thing in which what runs differs. */
export type Difference = {
  readonly field: string;
  readonly action: 'create' | 'update' | 'remove';
  readonly before: string | number | boolean | readonly string[] | null;
  readonly after: string | number | boolean | readonly string[] | null;
};

/** What is declared of one thing, against the host: in what it differs, and why it may not be changed. */
export type Compared = {
  /** Why it cannot work here, whatever differs. */
  readonly problems: readonly string[];
  /** Why nothing of it may be changed, if something differs. */
  readonly refusals: readonly string[];
  readonly notes: readonly string[];
  /** Why changing it may end our own way to the host; empty: it cannot. */
  readonly access: string;
  /** What stays undone although the rest is done. */
  readonly shortfalls?: readonly string[];
  /** Files below /etc, as they are and as they shall be. */
  readonly files: readonly Pick<StoredFile, 'path' | 'want' | 'have' | 'former'>[];
  readonly differences: readonly Difference[];
};

/** What is declared of one thing that networkd does, against the whole host. */
export type Comparison = Omit<Compared, 'files'> & {
  /** The device it is about; empty: none. */
  readonly device: string;
  /** Interfaces that networkd configures anew. */
  readonly touched: readonly string[];
  readonly files: readonly StoredFile[];
  /** Words for the host's own check: DEVICE WORD VALUE each. */
  readonly expected: readonly (readonly [device: string, word: string, value: string])[];
  /** Addresses that networkd has set and that are no longer wanted: not to be kept as others'. */
  readonly owned: readonly string[];
  /** Devices that are made. */
  readonly created: readonly string[];
  /** Devices that are made anew, as their kind cannot be changed. */
  readonly recreated: readonly string[];
  /** What `ip link add` makes, where networkd itself would make what was before; and the same as it was. */
  readonly remade: readonly string[];
  readonly remadeBefore: readonly string[];
  /** Settings of a bridge for `ip link set … type bridge`. */
  readonly bridge: readonly string[];
  /** The same as they are now. */
  readonly bridgeBefore: readonly string[];
  /** Interfaces that leave what they were part of. */
  readonly released: readonly string[];
  /** Where the host is reached from then on; empty: where it is. */
  readonly movedTo: string;
  /** New addresses that nobody else may have. */
  readonly fresh: readonly string[];
  /** Who is told of it: networkd by its own files or netplan's, or ifupdown. */
  readonly by: 'networkd' | 'ifupdown';
  /**
   * What ifupdown does of an interface that is no card: bring it up as it is there (`kept`), make it (`made`), or take it away
   * (`gone`); `none` for a card.
   */
  readonly layer: 'none' | 'kept' | 'made' | 'gone';
  /** Default routes that go with what is stored now, as `ip -N route` begins them: not to be kept as others'. */
  readonly ownedRoutes: readonly string[];
  /** What ip(8) is told where networkd is not there to do it; and what takes it back. */
  readonly commands: readonly { readonly does: readonly string[]; readonly undoes: readonly string[] }[];
};

/** Nothing to compare, and nothing that differs. */
export const SAME: Comparison = {
  ...{
    problems: [],
    refusals: [],
    notes: [],
    access: '',
    device: '',
    touched: [],
    files: [],
    differences: [],
  },
  ...{
    expected: [],
    owned: [],
    created: [],
    recreated: [],
    remade: [],
    remadeBefore: [],
    bridge: [],
    bridgeBefore: [],
    released: [],
    movedTo: '',
    fresh: [],
    by: 'networkd',
    layer: 'none',
    ownedRoutes: [],
    commands: [],
  },
};
