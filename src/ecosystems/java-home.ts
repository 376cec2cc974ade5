import type { Adaptation, BuildView, InstructionView } from './ecosystem.ts';
import { nothingToAdapt } from './ecosystem.ts';
import { finalStage, instructionsOf, usesImage } from './recognise.ts';

/** Where images put their Java: Adoptium, Debian and Amazon, Oracle, Zulu, Alpine. */
const home =
  /^(?:\/opt\/java\/|\/usr\/lib\/jvm\/|\/usr\/java\/|\/usr\/local\/openjdk-|\/opt\/(?:jdk|jre|openjdk|zulu))/;
const webapps = /^\/usr\/local\/tomcat\/webapps(?:\/|$)/;

/** What names a folder of the source image's Java: the hardened one has it elsewhere, and a JRE apart from its JDK. */
export function adaptHome(view: BuildView): Adaptation {
  if (finalStage(view).hardened !== undefined) return nothingToAdapt;
  const drops: Adaptation['drops'][number][] = [];
  const problems: Adaptation['problems'][number][] = [];
  for (const item of instructionsOf(view, view.chain)) {
    const { instruction, copy } = item;
    if (setsOnlyHome(item))
      drops.push({ instruction, why: 'the hardened image sets JAVA_HOME itself, to another folder' });
    if (importsCertificates(item))
      problems.push({
        instruction,
        message: "keytool changes the certificates of the build's own Java, and the runtime image has another",
        why: 'what it imports would get lost',
      });
    if (copy !== undefined && copy.from !== 'image' && home.test(copy.destination) && copy.from === undefined)
      problems.push({
        instruction,
        message: `a file goes to ${copy.destination}, where the source image has its Java`,
        why: 'the hardened image has its Java in another folder; name it with $JAVA_HOME in the destination',
      });
    if (usesImage(view, ['tomcat']) && removesWebapps(item))
      drops.push({ instruction, why: 'the hardened Tomcat brings no web applications' });
  }
  return drops.length + problems.length === 0 ? nothingToAdapt : { ...nothingToAdapt, drops, problems };
}

/** `ENV JAVA_HOME=/opt/java/openjdk` alone. */
function setsOnlyHome({ instruction }: InstructionView): boolean {
  if (instruction.keyword !== 'env') return false;
  const match = /^(?:JAVA_HOME|JRE_HOME)[= ]\s*"?([^\s"]+)"?$/.exec(instruction.body.text.trim());
  return match !== null && home.test(match[1]!);
}

function importsCertificates({ commands }: InstructionView): boolean {
  return commands.some(({ program, command }) => {
    if (program !== 'keytool') return false;
    const words = command.words.map(({ raw }) => raw);
    return (
      words.some((word) => /^-(?:import|delete|change)/.test(word)) &&
      words.some((word) => word === '-cacerts' || /cacerts/.test(word))
    );
  });
}

function removesWebapps({ commands, workdir }: InstructionView): boolean {
  return (
    commands.length > 0 &&
    commands.every(
      ({ program, argv }) =>
        program === 'rm' &&
        argv
          .slice(1)
          .every(
            (word) =>
              word !== undefined &&
              (word.startsWith('-') || webapps.test(word.startsWith('/') ? word : `${workdir}/${word}`)),
          ),
    )
  );
}
