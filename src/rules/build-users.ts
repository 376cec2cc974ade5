import { wordValue } from '../facts/words.ts';
import type { Finding } from '../findings/finding.ts';
import type { Step } from '../steps/step.ts';
import { expandWord } from '../syntax/expand.ts';
import type { Rule } from './rule.ts';

const name = 'build-users';

/** Accounts of Debian's and Alpine's base systems, which are no program's own. Source: base-passwd, alpine-baselayout. */
const systemUsers = new Set(
  (
    'root daemon bin sys adm sync shutdown halt operator games man lp mail news uucp proxy www-data backup list irc gnats ' +
    'nobody _apt ftp sshd cron squid xfs cyrus vpopmail ntp smmsp guest nonroot'
  ).split(' '),
);

export const rule: Rule = {
  name,
  title: 'Build stages name no user that their image lacks',
  examine: ({ facts, images }) => {
    const findings: Finding[] = [];
    const steps: Step[] = [];
    for (const { index, base } of facts.graph.stages) {
      const chosen = images.chosen.get(index);
      if (chosen === undefined || base.kind !== 'source') continue;
      const items = facts.items[index]!;
      const made = new Set(items.flatMap(({ run }) => run?.commands.map(({ account }) => account?.name?.value) ?? []));
      const there = new Set(chosen.definition.users.map((user) => user.name));
      const brought = new Set(Object.keys(base.source.brings.users));
      const isGone = (user: string): boolean =>
        !there.has(user) && !made.has(user) && (brought.has(user) || !(/^\d*$/.test(user) || systemUsers.has(user)));
      const why = `${chosen.image} builds as root`;
      const goneIn = (owner: string | undefined): string | undefined => {
        const user = owner?.split(':')[0] ?? '';
        return isGone(user) ? user : undefined;
      };
      for (const { instruction, copy, run, userAfter, variables } of items) {
        const common = { rule: name, why, instruction } as const;
        let missing = instruction.keyword === 'user' ? goneIn(userAfter) : undefined;
        if (missing !== undefined) steps.push({ kind: 'drop', ...common });
        const owner = copy?.chown && goneIn(expandWord(copy.chown.text, variables, facts.file.escape).value);
        if (copy?.chown !== undefined && owner !== undefined) {
          missing = owner;
          const { start, end } = copy.chown.range;
          const after = /^[ \t]*/.exec(facts.file.text.slice(end))![0].length;
          steps.push({ kind: 'edit', ...common, edits: [{ range: { start, end: end + after }, text: '' }] });
        }
        for (const { owner: word } of run?.commands.flatMap(({ owners }) => owners) ?? []) {
          const own = word && goneIn(wordValue(word, variables));
          if (word === undefined || own === undefined) continue;
          missing = own;
          steps.push({ kind: 'edit', ...common, edits: [{ range: word.range, text: 'root' }] });
        }
        if (missing === undefined) continue;
        const message = `user ${missing} does not exist in ${chosen.text}`;
        findings.push({ rule: name, severity: 'error', range: instruction.range, message, why, fix: 'left out' });
      }
    }
    return { findings, steps };
  },
};
