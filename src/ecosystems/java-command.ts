/** A call of the `java` launcher, taken apart: `java [options] main [arguments]`. */
export interface JavaCommand {
  /** index of `-jar` or `-m`, or of the main class; the number of words where nothing is started */
  readonly main: number;
  /** the jar of `-jar` */
  readonly jar: string | undefined;
  /** the entries of `-cp` */
  readonly classpath: readonly string[] | undefined;
  /** the main class, or the source file that is compiled when it starts */
  readonly mainClass: string | undefined;
}

/** Options of the launcher whose value is the next word (`java --help-extra` and `java --help` of JDK 21). */
const valued =
  /^(?:-cp|-classpath|--class-path|-p|--module-path|--upgrade-module-path|--add-modules|--add-reads|--add-exports|--add-opens|--limit-modules|--patch-module|--source|--enable-native-access|-d|--describe-module)$/;

/** Reads the words of a call whose first word is `java`. */
export function readJava(argv: readonly string[]): JavaCommand {
  let classpath: readonly string[] | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    const next = argv[at + 1];
    if (/^(?:-cp|-classpath|--class-path)$/.test(word)) classpath = next?.split(':');
    else if (word.startsWith('--class-path=')) classpath = word.slice('--class-path='.length).split(':');
    if (word === '-jar') return { main: at, jar: next, classpath, mainClass: undefined };
    if (word === '-m' || word === '--module') return { main: at, jar: undefined, classpath, mainClass: undefined };
    if (valued.test(word)) at++;
    // a variable here holds options
    else if (/^\$\{\w+\}$/.test(word)) continue;
    else if (!word.startsWith('-') && !word.startsWith('@'))
      return { main: at, jar: undefined, classpath, mainClass: word };
  }
  return { main: argv.length, jar: undefined, classpath, mainClass: undefined };
}
