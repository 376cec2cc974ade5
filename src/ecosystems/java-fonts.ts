import type { Adaptation, BuildView } from './ecosystem.ts';
import { finalStage, systemPackages } from './recognise.ts';

/** libraries that draw text with the JDK's own means, which takes fonts and fontconfig from the system */
const drawing =
  /\b(jasperreports|jfreechart|poi-ooxml|easyexcel|kaptcha|easy-captcha|happy-captcha|batik-\w+|openhtmltopdf-java2d|docx4j|aspose-\w+)\b/;
const longestBuildFile = 400_000;

/** The source image holds fontconfig, and distributions fonts with it; a hardened JRE has neither. */
export function missingFonts(view: BuildView): Adaptation['reviews'] {
  const { source, instructions } = finalStage(view);
  const [first] = instructions;
  if (source === undefined || first === undefined) return [];
  if ([...systemPackages(view, view.chain)].some((name) => /^(fontconfig|fonts?-|ttf-)/.test(name))) return [];
  for (const path of ['pom.xml', 'build.gradle', 'build.gradle.kts', 'gradle/libs.versions.toml']) {
    const text = view.project.read(path);
    const library = text === undefined || text.length > longestBuildFile ? undefined : drawing.exec(text)?.[1];
    if (library !== undefined)
      return [
        {
          instruction: first.instruction,
          message: `${library} in ${path} draws text, and the hardened image has no fonts`,
          why: 'without fontconfig and a font, Java fails where text is measured or drawn',
          fix: `install ${source.hardenedFamily === 'alpine' ? 'fontconfig and font-dejavu' : 'fontconfig and fonts-dejavu-core'} in the final stage and migrate again: they are carried over`,
        },
      ];
  }
  return [];
}
