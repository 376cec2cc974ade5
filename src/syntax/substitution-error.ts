/** Why the builder refuses a substitution. Thrown and caught inside this room only. */
export class SubstitutionError extends Error {}
