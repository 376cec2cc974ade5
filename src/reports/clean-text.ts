/*
 * Reports show pieces of files that nobody has vouched for. A terminal, a log or a web page must neither obey them
 * nor reveal what they keep secret.
 */

const controls =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** Replaces, one for one, what a terminal would obey or hide by U+FFFD: controls (but tabs), bidirectional marks, broken bytes. */
export function visible(text: string): string {
  return text.replace(controls, '\ufffd');
}

const longestSentence = 2000;

/** A sentence of a finding, as one line without secrets. */
export function sentence(text: string): string {
  const short = text.length > longestSentence ? `${text.slice(0, longestSentence)} …` : text;
  return visible(maskSecrets(short.replace(/[\t\r\n]+/g, ' ')));
}

const secretName = /passw(or)?d|passphrase|token|secret|credential|api[_-]?key|(private|access|signing)[_-]?key|_pwd$/i;
const assignment = /(?<![\w.-])([\w.-]+)=("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"']+)/g;
const legacyAssignment = /^(\s*env\s+([\w.-]+)[ \t]+)([^=\s].*)$/i;
const option = /(?<![\w-])--?([\w-]+)([ \t]+)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"'-][^\s"']*)/g;
const authorization = /\b((?:bearer|basic)[ \t]+)([\w.~+/=-]{8,})/gi;
const urlPassword = /(:\/\/[^\s/:@]{0,200}:)([^\s/@]{1,500})(?=@)/g;
const reference = /^["']?\$(\w+|\{\w+\})["']?$/;

/** Stars over the values of what is named like a secret, so many that everything stays in its column. */
export function maskSecrets(line: string): string {
  const stars = (value: string) => (reference.test(value) ? value : '*'.repeat(value.length));
  return line
    .replace(assignment, (all, name: string, value: string) =>
      secretName.test(name) ? `${name}=${stars(value)}` : all,
    )
    .replace(legacyAssignment, (all, start: string, name: string, value: string) =>
      secretName.test(name) ? start + stars(value) : all,
    )
    .replace(option, (all, name: string, _space: string, value: string) =>
      secretName.test(name) ? all.slice(0, all.length - value.length) + stars(value) : all,
    )
    .replace(authorization, (_all, scheme: string, value: string) => scheme + stars(value))
    .replace(urlPassword, (_all, start: string, value: string) => start + stars(value));
}
