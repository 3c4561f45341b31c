declare const SLAB_VERSION: string | undefined;

/** The version the build put in; `dev` when slab runs from its sources. */
export const version = typeof SLAB_VERSION === 'string' ? SLAB_VERSION : 'dev';
