import { carryLibraries, carryPackages, filesFolder, librariesFolder } from '../decisions/carry.ts';
import type { PackageDecision } from '../decisions/packages.ts';
import type { CommandFacts } from '../facts/run-facts.ts';
import type { Finding } from '../findings/finding.ts';
import type { Step } from '../steps/step.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

const name = 'packages-only-while-building';

export const rule: Rule = {
  name,
  title: 'Packages are installed in build stages; what the program needs of them is carried over',
  examine: (decisions) => {
    const { facts, packages, runtime, layout, forcedShell } = decisions;
    const findings: Finding[] = [];
    const steps: Step[] = [];
    for (const { item } of layout.placements) {
      if (item.stage !== facts.graph.final && layout.anchor === undefined) continue;
      const call = item.run?.commands.find(
        ({ invocation }) =>
          invocation !== undefined && (invocation.action === 'install' || invocation.action === 'restore'),
      );
      if (call === undefined || forcedShell !== undefined) continue;
      findings.push({
        rule: name,
        severity: item.stage === facts.graph.final ? 'error' : 'info',
        range: call.command.range,
        message: `${call.invocation!.manager} installs in the final image`,
        why: `${runtime.text} has no package manager`,
        fix: 'installed in the build stage',
      });
    }
    if (forcedShell !== undefined) return { findings, steps };
    for (const { item, place } of layout.placements) {
      if (place === 'build')
        for (const command of item.run?.commands ?? [])
          for (const step of withoutLanguage(command, item.instruction, packages)) steps.push(step);
    }
    for (const { name: left, instruction } of packages.left) {
      findings.push({
        rule: name,
        severity: 'review',
        range: instruction.range,
        message: `${left} is not carried over`,
        why: 'nothing in the Dockerfile runs it, and a hardened image holds no tools',
        fix: 'if the program itself calls it, say so in a review',
      });
    }
    const family = runtime.definition.distribution.startsWith('alpine') ? 'alpine' : 'debian';
    if (!layout.carries) return { findings, steps };
    const stage = 'build';
    const text =
      packages.carried.length > 0
        ? carryPackages(packages.carried, family)
        : carryLibraries(layout.linkedRoots, 'libraries');
    const both = packages.carried.length > 0 && layout.linkedRoots.length > 0;
    if (both) {
      steps.push({
        kind: 'insert',
        rule: name,
        why: 'the shared libraries that compiled files are linked to',
        text: carryLibraries(layout.linkedRoots, 'libraries'),
        comment: ['the shared libraries that the program is linked to'],
        where: { at: 'end', stage },
      });
    }
    steps.push({
      kind: 'insert',
      rule: name,
      why: 'what the program needs of the system packages',
      text,
      comment:
        packages.carried.length > 0
          ? [`the files of ${packages.carried.join(', ')}, and the libraries that they are linked to`]
          : ['the shared libraries that the program is linked to'],
      where: { at: 'end', stage },
    });
    const from = layout.buildName!;
    const where =
      layout.anchor === undefined
        ? ({ at: 'end', stage: 'runtime' } as const)
        : ({ at: 'before', instruction: layout.anchor, half: 'runtime' } as const);
    if (packages.carried.length > 0)
      steps.push({
        kind: 'insert',
        rule: name,
        why: 'files of system packages',
        text: `COPY --from=${from} ${filesFolder}/ /`,
        where,
      });
    steps.push({
      kind: 'insert',
      rule: name,
      why: 'shared libraries of system packages',
      text: `COPY --from=${from} ${librariesFolder}/ /usr/lib/`,
      where,
    });
    return { findings, steps };
  },
};

/** The packages of the language itself go from a list that holds others: the hardened image is that language. */
function withoutLanguage(command: CommandFacts, instruction: Instruction, { language }: PackageDecision): Step[] {
  const { invocation } = command;
  if (language === undefined || invocation?.scope !== 'system' || invocation.action !== 'install') return [];
  const goes = new Set(
    invocation.packages.filter(({ name: each }) => language.packages.includes(each)).map(({ word }) => word),
  );
  if (goes.size === 0 || goes.size === invocation.packages.length) return [];
  const { words } = invocation.command;
  const edits = words.flatMap((word, index) =>
    goes.has(word) && index > 0
      ? [{ range: { start: words[index - 1]!.range.end, end: word.range.end }, text: '' }]
      : [],
  );
  return edits.length === 0
    ? []
    : [{ kind: 'edit', rule: name, why: `the hardened image is ${language.image} already`, instruction, edits }];
}
