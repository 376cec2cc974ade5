/** Public images without a hardened equivalent whose software the catalog has in another form: what to start from instead. */
const ways: readonly (readonly [image: RegExp, way: string])[] = [
  [
    /(^|\/)(?:phpswoole\/swoole|openswoole\/swoole|hyperf\/hyperf)$/,
    'start from php:X.Y-cli, with Swoole by `pecl install swoole && docker-php-ext-enable swoole`, then migrate',
  ],
  [
    /(^|\/)dunglas\/frankenphp$/,
    'FrankenPHP has PHP in its web server: start from php:X.Y-fpm, with a web server (dhi.io/nginx or dhi.io/caddy) in a container of its own that passes requests for PHP to port 9000, then migrate',
  ],
  [
    /(^|\/)(?:webdevops\/php-(?:nginx|apache)[\w-]*|serversideup\/php|trafex\/php-nginx|richarvey\/nginx-php-fpm)$/,
    'such an image starts a web server and PHP-FPM together: start from php:X.Y-fpm, with the web server (dhi.io/nginx) in a container of its own, then migrate both',
  ],
  [
    /(^|\/)(?:webdevops|thecodingmachine|tobi312|bitnami)\/php(?:-fpm)?[\w-]*$/,
    'start from php:X.Y-fpm or php:X.Y-cli, with its extensions by docker-php-ext-install, then migrate',
  ],
  [
    /(^|\/)(?:sbtscala\/scala-sbt|hseeberger\/scala-sbt|mozilla\/sbt)$/,
    'build on it in a stage of its own, which may stay as it is, and start what `sbt assembly` makes (`java -jar`) from eclipse-temurin:X-jre, then migrate',
  ],
  [
    /(^|\/)oracle\/(?:serverjre|jdk)$/,
    "where nothing but Oracle's own build of Java keeps you there: start from eclipse-temurin:X, then migrate",
  ],
];

/** What to start from where the catalog has no image for this one; undefined where there is nothing near. */
export function nearestWay(repository: string): string | undefined {
  return ways.find(([image]) => image.test(repository))?.[1];
}
