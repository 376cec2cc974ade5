/** A catalog that cannot be used, and why: one sentence without a full stop. */
export class CatalogRefused extends Error {}
