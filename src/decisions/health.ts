export type HealthDecision = { kind: 'keep' } | { kind: 'rewrite'; argv: readonly string[]; range: { start: number; end: number }; why: string } | { kind: 'drop'; message: string; why: string; fix: string };
export function decideHealth(..._args: unknown[]): HealthDecision | undefined { return undefined; }
