import type { BuildView } from './ecosystem.ts';
import { manifestAt } from './node-manifest.ts';

/** npm packages that compile C++ when they are installed, for want of prebuilt files or of ones for every platform. */
const compiled: ReadonlySet<string> = new Set(
  (
    'node-sass node-expat node-rdkafka iconv node-pty cpu-features heapdump deasync integer pg-native libpq unix-dgram ' +
    'posix ursa sodium hiredis gl robotjs x509 xxhash sse4_crc32 nodegit epoll i2c-bus spi-device pigpio mmmagic ' +
    'bcrypt argon2 kerberos canvas sqlite3 better-sqlite3 isolated-vm re2 snappy grpc oracledb-native memwatch-next ' +
    'microtime node-libcurl libxmljs libxmljs2 zeromq ref ffi ref-napi ffi-napi dtrace-provider event-loop-stats gc-stats'
  ).split(' '),
);

/** Dependencies of the program that may call node-gyp, which needs python3, make and a C++ compiler. */
export function nativePackages(view: BuildView, folder: string = view.workdir): readonly string[] {
  return [...(manifestAt(view, folder)?.dependencies ?? [])].filter((name) => compiled.has(name)).sort();
}
