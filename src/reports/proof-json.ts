import type { ProofReport } from './proof.ts';
import { proofReason, proofVerdict } from './proof.ts';
export function proofJson(report: ProofReport): string { return JSON.stringify(report.proofs.map((p)=>[proofVerdict(p), proofReason(p)])); }
