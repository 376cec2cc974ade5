import type { TagMeaning } from '../read-tag.ts';
import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/**
 * Java runtimes and what is built on them. Source: the public Dockerfiles of Adoptium, Amazon, Azul, BellSoft, IBM,
 * Maven, Gradle and Tomcat, as known in general. A JAVA_HOME that differs between tags is left out.
 */

const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const JRE = ['java', 'keytool', 'rmiregistry', 'jrunscript'];
const JDK = [...JRE, 'javac', 'jar', 'javadoc', 'jlink', 'jdeps', 'jmod', 'jcmd', 'jps', 'jstack', 'jmap', 'jshell'];
const JLINK = ['objcopy', 'strip', 'ld', 'ar', 'nm', 'objdump', 'readelf', 'strings'];
const UTF8 = { LANG: 'en_US.UTF-8', LANGUAGE: 'en_US:en', LC_ALL: 'en_US.UTF-8' };

const isJre = (tag: BuiltTag): boolean => tag.java?.kind === 'jre';
const tools = (tag: BuiltTag): readonly string[] => (isJre(tag) ? JRE : JDK);
/** the JDK's shell came with Java 9 */
const jshell = (tag: BuiltTag): readonly string[] | undefined =>
  isJre(tag) || tag.version?.split('.', 1)[0] === '8' ? undefined : ['jshell'];

function temurin(tag: BuiltTag): Partial<Brings> {
  const ubuntu = tag.family === 'ubuntu';
  return {
    tools: [
      ...tools(tag),
      ...(isJre(tag) ? [] : JLINK),
      ...(ubuntu ? ['curl', 'wget', 'gpg', 'openssl', 'locale-gen', 'fc-cache', 'update-ca-certificates'] : []),
    ],
    packages: ubuntu
      ? ['ca-certificates', 'curl', 'fontconfig', 'gnupg', 'locales', 'p11-kit', 'tzdata', 'wget']
      : tag.family === 'alpine'
        ? ['ca-certificates', 'fontconfig', 'musl-locales', 'p11-kit-trust', 'tzdata']
        : [],
    entrypoint: ['/__cacert_entrypoint.sh'],
    ...(jshell(tag) === undefined ? {} : { cmd: jshell(tag) }),
    environment: { JAVA_HOME: '/opt/java/openjdk', PATH: `/opt/java/openjdk/bin:${SYSTEM}`, ...UTF8 },
  };
}

function openjdk(tag: BuiltTag): Partial<Brings> {
  const debian = tag.family === 'debian';
  const full = debian && !tag.has('slim') && !isJre(tag);
  return {
    tools: [...tools(tag), ...(full ? ['git', 'hg', 'svn', 'ssh', 'curl', 'wget', 'gpg', 'openssl', 'ps'] : [])],
    packages: debian ? ['ca-certificates'] : [],
    ...(jshell(tag) === undefined ? {} : { cmd: jshell(tag) }),
    environment: { LANG: 'C.UTF-8' },
  };
}

const java = (tag: BuiltTag): Partial<Brings> => ({ tools: tools(tag) });

const mavenOrGradle = (tool: 'maven' | 'gradle') => (tag: BuiltTag) => ({
  tools: [
    ...(tool === 'maven' ? ['mvn', 'mvnDebug'] : ['gradle']),
    ...JDK,
    ...(tag.family === 'alpine' ? ['bash', 'curl', 'git'] : ['curl', 'git', 'unzip', 'openssl']),
    ...(tool === 'gradle' ? ['wget', 'unzip', 'hg', 'svn', 'git-lfs'] : ['tar']),
  ],
});

/** Major and minor number of a tag's version. */
function line(tag: TagMeaning): number | undefined {
  const [major, minor = '0'] = (tag.version ?? '').split('.');
  return major === undefined || major === '' ? undefined : Number(major) + Number(minor) / 100;
}

/** The JDK in tags that name none changed with the tool; of today's tags the official lists say it. */
const mavenJava = (tag: TagMeaning): string | undefined => {
  const version = line(tag);
  return version === undefined || version >= 3.09 || version === 3 ? undefined : version < 3.06 ? '8' : '11';
};
const gradleJava = (tag: TagMeaning): string | undefined => {
  const version = line(tag);
  if (version === undefined || version >= 9) return undefined;
  return version >= 8 ? '21' : version >= 7 ? '17' : version >= 6 ? '11' : '8';
};
const withJava = (javaVersion: string | undefined): Partial<KnownImage> =>
  javaVersion === undefined ? {} : { javaVersion };

const otherVm = 'the hardened image holds another virtual machine: HotSpot in place of OpenJ9';

/** Images that hold a Java, under the names by which official or vendors' tables know them. */
export const JAVA: readonly KnownImage[] = [
  { name: 'eclipse-temurin', hardened: 'eclipse-temurin', family: 'ubuntu', java: 'jdk', brings: temurin },
  {
    name: 'openjdk',
    hardened: 'eclipse-temurin',
    family: 'debian',
    java: 'jdk',
    brings: openjdk,
    // from Java 12 on the bare tags were built on Oracle Linux
    refine: (tag) => {
      const major = Number.parseInt(tag.version ?? '0', 10);
      return major >= 12 && !tag.words.includes('slim') ? { family: 'rpm' } : {};
    },
  },
  {
    name: 'amazoncorretto',
    hardened: 'amazoncorretto',
    family: 'rpm',
    java: 'jdk',
    brings: (tag) => ({
      ...java(tag),
      environment: { LANG: 'C.UTF-8' },
    }),
  },
  { name: 'sapmachine', hardened: 'sapmachine', family: 'ubuntu', java: 'jdk', brings: java },
  {
    name: 'azul-zulu',
    hardened: 'azul',
    family: 'debian',
    java: 'jdk',
    brings: java,
    hardenedWords: ['jdk', 'zulu'],
  },
  {
    name: 'ibm-semeru-runtimes',
    hardened: 'eclipse-temurin',
    substitute: true,
    reason: otherVm,
    family: 'ubuntu',
    java: 'jdk',
    brings: java,
  },
  {
    name: 'ibmjava',
    hardened: 'eclipse-temurin',
    substitute: true,
    reason: otherVm,
    family: 'ubuntu',
    java: 'jre',
    brings: java,
  },
  {
    name: 'maven',
    refine: (tag) => withJava(mavenJava(tag)),
    hardened: 'maven',
    family: 'ubuntu',
    javaBeside: true,
    java: 'jdk',
    brings: (tag) => ({
      ...mavenOrGradle('maven')(tag),
      entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'],
      cmd: ['mvn'],
      environment: { MAVEN_HOME: '/usr/share/maven', MAVEN_CONFIG: '/root/.m2', ...UTF8 },
    }),
  },
  {
    name: 'gradle',
    refine: (tag) => withJava(gradleJava(tag)),
    hardened: 'gradle',
    family: 'ubuntu',
    javaBeside: true,
    java: 'jdk',
    brings: (tag) => ({
      ...mavenOrGradle('gradle')(tag),
      cmd: ['gradle'],
      workdir: '/home/gradle',
      environment: { GRADLE_HOME: '/opt/gradle', JAVA_HOME: '/opt/java/openjdk' },
      users: { gradle: '1000:1000' },
    }),
  },
  {
    name: 'tomcat',
    hardened: 'tomcat',
    family: 'ubuntu',
    javaBeside: true,
    java: 'jdk',
    brings: (tag) => ({
      tools: [...tools(tag), 'catalina.sh'],
      cmd: ['catalina.sh', 'run'],
      workdir: '/usr/local/tomcat',
      exposes: ['8080/tcp'],
      environment: {
        CATALINA_HOME: '/usr/local/tomcat',
        PATH: `/usr/local/tomcat/bin:/opt/java/openjdk/bin:${SYSTEM}`,
      },
    }),
  },
  { name: 'jruby', hardened: 'jruby', family: 'ubuntu', javaBeside: true, java: 'jre' },
  {
    name: 'clojure',
    // the number in its tags is that of Leiningen or tools.deps
    version: '1',
    hardened: 'clojure',
    family: 'debian',
    javaBeside: true,
    java: 'jdk',
    brings: (tag) => ({ tools: [...tools(tag), 'clojure', 'clj', 'lein', 'rlwrap', 'git', 'make'] }),
  },
  { name: 'groovy', family: 'ubuntu', javaBeside: true, java: 'jdk', reason: 'the catalog has no Groovy image' },
  { name: 'jetty', family: 'ubuntu', javaBeside: true, java: 'jdk', reason: 'the catalog has no Jetty image' },
  { name: 'tomee', family: 'ubuntu', javaBeside: true, java: 'jdk', reason: 'the catalog has no TomEE image' },
  { name: 'open-liberty', family: 'ubuntu', javaBeside: true, java: 'jdk', reason: 'the catalog has no Liberty image' },
];
