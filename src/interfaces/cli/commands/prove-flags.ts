/** The formats in which a proof is told. */
export const proofFormats = ['terminal', 'json', 'markdown'] as const;

/** The options of `rehull prove`, as commander gives them. */
export interface ProveFlags {
  readonly format: (typeof proofFormats)[number];
  readonly migrated?: string;
  readonly readOnlyRoot?: boolean;
  readonly buildNetwork?: string;
  readonly wait?: number;
  readonly grace?: number;
}
