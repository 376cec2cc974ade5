import type { Difference } from '../engine/compare.ts';
import type { Cause } from '../engine/explain.ts';
import type { Asked, Observation, ProbeResult } from '../engine/observe.ts';
import type { Proof, ProvenSide } from '../engine/prove.ts';
import { probeText } from '../engine/scenario.ts';
import { sentence } from './clean-text.ts';
import { type FileProof, type ProofReport, proofReason, proofVerdict } from './proof.ts';

/** Version of the format; it goes up when a reader of the old one would break. See rehull.schema.json. */
const formatVersion = 1;

/** The whole run as one JSON object. What is not known is null, never left out; what programs printed is masked as in every report. */
export function proofJson(report: ProofReport): string {
  const object = {
    version: formatVersion,
    rehull: report.version,
    proofs: report.proofs.map(jsonProof),
    errors: report.errors,
  };
  return `${JSON.stringify(object)}\n`;
}

function jsonProof(file: FileProof) {
  const { path, service, outcome, proof } = file;
  return {
    path,
    service: service ?? null,
    outcome: outcome ?? null,
    verdict: proofVerdict(file),
    reason: text(proofReason(file)),
    causes: (proof?.causes ?? []).map(jsonCause),
    differences: (proof?.differences ?? []).map(jsonDifference),
    before: jsonSide(proof?.before),
    after: jsonSide(proof?.after),
    images: jsonImages(proof?.images),
    left: proof?.left ?? [],
  };
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : sentence(value);
}

function jsonCause({ rule, reason, fix, evidence }: Cause) {
  return { rule: rule ?? null, reason: sentence(reason), fix: sentence(fix), evidence: sentence(evidence) };
}

function jsonDifference({ kind, message, before, after, counts, causes }: Difference) {
  return {
    kind,
    message: sentence(message),
    before: text(before),
    after: text(after),
    counts,
    causes: causes.map(jsonCause),
  };
}

function jsonImages(images: Proof['images']) {
  if (images === undefined) return null;
  if ('problem' in images) return { problem: sentence(images.problem) };
  const { before, after, packagesGone, packagesNew, gone, findings } = images;
  return {
    before,
    after,
    packagesGone,
    packagesNew,
    gone,
    findings: findings.map(({ rule, severity, path, message, why, fix }) => ({
      rule,
      severity,
      path: path ?? null,
      message: sentence(message),
      why: text(why),
      fix: text(fix),
    })),
  };
}

function jsonSide(side: ProvenSide | undefined) {
  if (side === undefined) return null;
  const { buildSeconds, image, seen } = side;
  const { bytes, user, ports, hasHealthCheck } = image;
  return {
    buildSeconds,
    image: { bytes, user, ports, hasHealthCheck },
    seen: seen === undefined ? null : jsonSeen(seen),
  };
}

function jsonSeen({ startFailure, ended, ready, asked, health, written, stop }: Observation) {
  return {
    startFailure: text(startFailure),
    ended: ended ?? null,
    ready: ready ?? null,
    asked: asked.map(jsonAsked),
    health: health?.status ?? null,
    written: written.map(({ kind, path }) => ({ kind, path })),
    stop: stop ?? null,
  };
}

function jsonAsked({ probe, results }: Asked) {
  return { probe: probeText(probe), results: results.map(resultText) };
}

function resultText(result: ProbeResult): string {
  switch (result.kind) {
    case 'http':
      return result.answer.kind === 'answer' ? String(result.answer.status) : result.answer.kind;
    case 'command':
      return String(result.code);
    case 'log':
      return result.found ? 'found' : 'missing';
  }
}
