/** An image that cannot do what it declares, and its sound twin: they differ in what `fault` says alone. */
export interface PlantedFault {
  /** what `rehull inspect` must call it, and nothing else */
  readonly rules: readonly string[];
  readonly fault: string;
  /** the Dockerfile with the fault, and without it */
  readonly dockerfile: (isFaulty: boolean) => string;
  /** files beside it */
  readonly files?: (isFaulty: boolean) => Readonly<Record<string, string>>;
  /** it starts in spite of the fault, and only its health check fails */
  readonly isHealth?: boolean;
}

const PYTHON = 'dhi.io/python:3.13-debian13';
const NODE = 'dhi.io/node:22-debian13';

/** Compiles a program `main` that needs a library `one`, which needs a library `two`. */
const NATIVE = `FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /src
RUN printf 'int two(void) { return 0; }' > two.c && printf 'int two(void); int one(void) { return two(); }' > one.c \\
 && printf 'int one(void); int main(void) { return one(); }' > main.c && mkdir libraries \\
 && gcc -shared -fPIC -o libraries/libtwo.so.1 -Wl,-soname,libtwo.so.1 two.c \\
 && gcc -shared -fPIC -o libraries/libone.so.1 -Wl,-soname,libone.so.1 one.c libraries/libtwo.so.1 \\
 && gcc -o main main.c libraries/libone.so.1 -Wl,-rpath-link,libraries \\
 && gcc -static -o static main.c one.c two.c && cp static other \\
 && printf '\\050\\000' | dd of=other bs=1 seek=18 conv=notrunc status=none
`;

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    rules: ['missing-library'],
    fault: 'a library of a library is missing',
    dockerfile: (isFaulty) =>
      `${NATIVE}FROM ${PYTHON}
COPY --from=build /src/libraries/${isFaulty ? 'libone.so.1' : ''} /usr/lib/
COPY --from=build /src/main /main
ENTRYPOINT ["/main"]
`,
  },
  {
    rules: ['wrong-architecture'],
    fault: 'the program is built for another processor',
    dockerfile: (isFaulty) =>
      `${NATIVE}FROM ${PYTHON}\nCOPY --from=build /src/${isFaulty ? 'other' : 'static'} /main\nENTRYPOINT ["/main"]\n`,
  },
  {
    rules: ['missing-interpreter'],
    fault: 'the interpreter of the script is missing',
    files: (isFaulty) => ({ run: `#!/usr/bin/${isFaulty ? 'bash' : 'python3'}\nexit\n` }),
    dockerfile: () => `FROM ${PYTHON}\nCOPY --chmod=755 run /run.d/run\nENTRYPOINT ["/run.d/run"]\n`,
  },
  {
    rules: ['script-line-ends'],
    fault: 'the script has Windows line ends',
    files: (isFaulty) => ({ run: `#!/usr/bin/env python3${isFaulty ? '\r' : ''}\nexit\n` }),
    dockerfile: () => `FROM ${PYTHON}-dev\nCOPY --chmod=755 run /run.d/run\nENTRYPOINT ["/run.d/run"]\n`,
  },
  {
    rules: ['program-not-executable'],
    fault: 'the script may not be executed',
    files: () => ({ run: '#!/usr/bin/python3\nexit\n' }),
    dockerfile: (isFaulty) =>
      `FROM ${PYTHON}\nCOPY --chmod=${isFaulty ? '644' : '755'} run /run.d/run\nENTRYPOINT ["/run.d/run"]\n`,
  },
  {
    rules: ['unknown-user'],
    fault: 'the user does not exist',
    dockerfile: (isFaulty) => `FROM ${PYTHON}\nUSER ${isFaulty ? 'rates' : 'nonroot'}\nCMD ["python3", "-c", "pass"]\n`,
  },
  {
    rules: ['unwritable-volume'],
    fault: 'the volume is not its user’s',
    dockerfile: (isFaulty) => `FROM ${PYTHON}-dev AS build
USER root
RUN mkdir /data
FROM ${PYTHON}
COPY --from=build ${isFaulty ? '' : '--chown=nonroot:nonroot '}/data /data
VOLUME /data
CMD ["python3", "-c", "open('/data/x', 'w')"]
`,
  },
  {
    rules: ['shell-form-without-shell'],
    fault: 'the health check needs a shell',
    isHealth: true,
    dockerfile: (isFaulty) => `FROM ${PYTHON}
HEALTHCHECK --interval=1s ${isFaulty ? 'CMD python3 -c pass' : 'CMD ["python3", "-c", "pass"]'}
CMD ["python3", "-c", "import time; time.sleep(60)"]
`,
  },
  {
    rules: ['program-not-found', 'python-environment'],
    fault: 'the virtual environment names a Python that is elsewhere',
    dockerfile: (isFaulty) => `FROM ${isFaulty ? 'python:3.13-slim' : `${PYTHON}-dev`} AS build
USER root
RUN python3 -m venv /opt/venv
FROM ${PYTHON}
COPY --from=build /opt/venv /opt/venv
CMD ["/opt/venv/bin/python", "-c", "pass"]
`,
  },
  {
    rules: ['wrong-c-library'],
    fault: 'a module of Node.js is built for musl',
    dockerfile: (isFaulty) => {
      const name = `@node-rs/crc32-linux-${process.arch}-${isFaulty ? 'musl' : 'gnu'}`;
      return `FROM ${NODE}-dev AS build
USER root
WORKDIR /app
RUN npm install --force --no-save ${name}@1.10.6
FROM ${NODE}
WORKDIR /app
COPY --from=build /app /app
CMD ["node", "-e", "require('${name}')"]
`;
    },
  },
  {
    rules: ['program-not-found'],
    fault: 'the program is not in PATH',
    dockerfile: (isFaulty) => `FROM ${PYTHON}\nCMD ["${isFaulty ? 'gunicorn' : 'python3'}", "--version"]\n`,
  },
  {
    rules: ['start-file-missing'],
    fault: 'the file that Python is told to run is missing',
    files: () => ({ 'app.py': 'pass\n' }),
    dockerfile: (isFaulty) =>
      `FROM ${PYTHON}\nWORKDIR /app\nCOPY app.py ${isFaulty ? 'main.py' : 'app.py'}\nCMD ["python3", "app.py"]\n`,
  },
];
