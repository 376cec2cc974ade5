import type { ProofReport } from './proof.ts';
import { proofReason, proofVerdict } from './proof.ts';
export function proofMarkdown(report: ProofReport): string { return JSON.stringify(report.proofs.map((p)=>[proofVerdict(p), proofReason(p)])); }
