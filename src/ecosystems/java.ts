import type { BuildView, Ecosystem, RuntimeWish } from './ecosystem.ts';
import { programFiles } from './java-builds.ts';
import { adaptHome } from './java-home.ts';
import { launch, settle } from './java-launch.ts';
import { finalStage, usesImage, usesProgram } from './recognise.ts';

const runtimes = ['eclipse-temurin', 'amazoncorretto', 'azul', 'sapmachine'];
const tools = /^(java|mvn|mvnw|gradle|gradlew|sbt|catalina\.sh|lein|clojure|clj|scala|kotlin)$/;

/** Java and other languages of the JVM: a JDK builds, a JRE runs. */
export const ecosystem: Ecosystem = {
  name: 'java',
  title: 'Java',
  images: [...runtimes, 'maven', 'gradle', 'tomcat', 'clojure'],
  blocked: undefined,
  programs: ['java', 'catalina.sh', 'run-java.sh'],
  recognise: (view) => usesImage(view, ecosystem.images) || usesProgram(view, tools),
  runtime,
  adapt: adaptHome,
  launch,
  settle,
  programFiles,
  // a JRE has no program that asks over HTTP, and no compiler for one of its own
  probe: () => undefined,
};

/** The image of the source's own vendor, where it runs programs; a build tool's image says whose JDK it holds. */
function runtime(view: BuildView): RuntimeWish {
  const { source, hardened } = finalStage(view);
  const image = hardened ?? source?.hardened;
  const words = source?.words ?? [];
  const vendor = words.some((word) => word === 'amazoncorretto' || word === 'corretto')
    ? 'amazoncorretto'
    : words.includes('sapmachine')
      ? 'sapmachine'
      : 'eclipse-temurin';
  const own = image !== undefined && (runtimes.includes(image) || image === 'tomcat');
  return {
    image: own ? image : vendor,
    version: own ? undefined : source?.java?.version?.split('.', 1)[0],
    flavor: undefined,
    why: 'the program runs on Java',
  };
}
