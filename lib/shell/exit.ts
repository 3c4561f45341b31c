/** Exit code of a step that found its object already as it should be. */
export const exitUnchanged = 117;

/** Exit code of a step that found something else than the plan saw, and so did nothing. */
export const exitConflict = 118;
