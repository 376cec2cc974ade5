// made by scripts/import-sources.mjs from the tag lists of Docker Official Images
/** Day of the lists. */
export const DAY = '2026-08-21';
/** One image a line: name|current versions|floating words=version line|[version/]words=distribution */
export const LINES = `\
adminer|6.0.1 5.5.1|=6|
almalinux|10 10.2 8.10 9.8|=10.2|
alpine|3.24.1 3.23.5 3.22.5 3.21.7|=3.24|
amazoncorretto|8 11.0.32 17.0.20 21.0.12 25.0.4 26.0.2|=8|=al2023 alpine=alpine3.24 full-alpine=alpine3.24 headless=al2023 headful=al2023
amazonlinux|2023.12.20260817.0 2.0.20260817.0|=2023|
api-firewall|0.9.6|=0.9|
arangodb|3.12.10.1|=3|
archlinux|20260816.0.574111|=20260816|
azul-zulu|8.96 11.90 17.68 21.52 25.36 26.32||rpm=almalinux10 headless-rpm=almalinux10 alpine=alpine3.23 headless-alpine=alpine3.23 =trixie debian=trixie headless=trixie headless-debian=trixie
backdrop|1.34.2|=1.34|
bash|5.3.15 5.2.37 5.1.16 5.0.18 4.4.23 4.3.48 4.2.53 4.1.17 4.0.44 3.2.57 3.1.23 3.0.22|=5.3|=alpine3.22 5/=alpine3.24 /=alpine3.24 5.2/=alpine3.22 5.1/=alpine3.22 5.0/=alpine3.22
bonita|11.1.0|=11|
buildpack-deps|22.04 24.04 26.04 26.10|=22.04|oldstable-curl=bookworm oldstable-scm=bookworm oldstable=bookworm oldoldstable-curl=bullseye oldoldstable-scm=bullseye oldoldstable=bullseye testing-curl=forky testing-scm=forky stable-curl=trixie curl=trixie 22.04/curl=jammy 24.04/curl=noble 26.04/curl=resolute 26.10/curl=stonking stable-scm=trixie scm=trixie 22.04/scm=jammy 24.04/scm=noble 26.04/scm=resolute 26.10/scm=stonking stable=trixie =trixie 22.04/=jammy 24.04/=noble 26.04/=resolute 26.10/=stonking
busybox|1.38.0 1.37.0|unstable-glibc=1.38 glibc=1.38 unstable-uclibc=1.38 uclibc=1.38 unstable-musl=1.38 musl=1.38|
caddy|2.11.4|=2|
cassandra|5.0.9 4.1.12 4.0.21|=5.0|=bookworm 5/=trixie /=trixie
chronograf|1.10.9 1.11.4|=1.11|
cirros|0.6.3|=0.6|
clickhouse|26.7.5.10 26.6.3.62 26.5.7.64 26.3.20.7 25.8.32.4|=26.7 lts=26.3|=jammy lts=jammy
clojure|1.12.5.1664 2.13.0|jdk8-temurin=1.12 jdk8-temurin-tools-deps=1.12 jdk8-temurin-slim=1.12 jdk8-temurin-tools-deps-slim=1.12 jdk11-temurin-lein=2.13 jdk11-temurin-lein-slim=2.13 jdk11-temurin=1.12 jdk11-temurin-tools-deps=1.12 jdk11-temurin-slim=1.12 jdk11-temurin-tools-deps-slim=1.12 jdk17-temurin-lein=2.13 jdk17-temurin-lein-slim=2.13 jdk17-temurin=1.12 jdk17-temurin-tools-deps=1.12 jdk17-temurin-slim=1.12 jdk17-temurin-tools-deps-slim=1.12 jdk21-temurin-lein=2.13 jdk21-temurin-lein-slim=2.13 jdk21-temurin=1.12 jdk21-temurin-tools-deps=1.12 jdk21-temurin-slim=1.12 jdk21-temurin-tools-deps-slim=1.12 jdk25-temurin-lein=2.13 lein=2.13 lein-slim=2.13 jdk25-temurin-lein-slim=2.13 jdk25-temurin=1.12 jdk25-temurin-tools-deps=1.12 tools-deps=1.12 jdk25-temurin-slim=1.12 jdk25-temurin-tools-deps-slim=1.12 tools-deps-slim=1.12 jdk26-temurin-lein=2.13 jdk26-temurin-lein-slim=2.13 jdk26-temurin=1.12 jdk26-temurin-tools-deps=1.12 jdk26-temurin-slim=1.12 jdk26-temurin-tools-deps-slim=1.12|jdk8-temurin-tools-deps=noble temurin-tools-deps=? jdk11-temurin-lein=noble temurin-lein=? jdk11-temurin-tools-deps=noble jdk17-temurin-lein=noble jdk17-temurin-tools-deps=noble jdk21-temurin-lein=bookworm jdk21-temurin-tools-deps=bookworm lein=bookworm jdk25-temurin-lein=bookworm jdk25-temurin-tools-deps=bookworm tools-deps=bookworm jdk26-temurin-lein=bookworm jdk26-temurin-tools-deps=bookworm
composer|2.10.2 2.2.29|=2.10|
convertigo|8.4.3|=8|
couchbase|8.0.2 8.0.1 8.0.0 7.6.9 7.6.8 7.6.7 7.6.6 7.6.5 7.6.4 7.6.3 7.6.2 7.6.12 7.6.11 7.6.10 7.6.1 7.6.0 7.2.9 7.2.8 7.2.7 7.2.6 7.2.5 7.2.4 7.2.3 7.2.2 7.2.0|=8.0|
couchdb|3.5.2.1 3.4.3|=3.5|
crate|6.4.3 6.3.7|=6.4|
dart|3.13.1 3.14.0|=3.13 beta-sdk=3.14 beta=3.14|
debian|12.15 11.11 13.6|=13 20260803=12 slim=12 20260803-slim=12|=trixie 12/=bookworm 11/=bullseye slim=bookworm 11/slim=bullseye 13/slim=trixie
docker|29.7.2|=29|cli=alpine3.24 dind=alpine3.24 =alpine3.24
drupal|11.4.5 11.3.16 10.6.15|=11.4|php8.5-apache=trixie php8.5=trixie apache=trixie =trixie php8.5-fpm=trixie fpm=trixie php8.5-fpm-alpine=alpine3.24 fpm-alpine=alpine3.24 php8.4-apache=trixie php8.4=trixie php8.4-fpm=trixie php8.4-fpm-alpine=alpine3.24 php8.3-apache=trixie php8.3=trixie php8.3-fpm=trixie php8.3-fpm-alpine=alpine3.24
eclipse-mosquitto|2.1.2 2.0.22 1.6.15|=2.1 openssl=2.0|
eclipse-temurin|11.0.32 17.0.20 21.0.12 25.0.4 26.0.2|=25|alpine=alpine3.24 =resolute
eggdrop|1.10.1|=1.10|
elixir|1.20.3 1.19.5 1.18.4 1.17.3 1.16.3|=1.20|
emqx|5.7.2 5.8.8|=5.8|
erlang|29.0.5.0 28.5.0.5 27.3.4.16 26.2.5.21 25.3.2.21 24.3.4.17|=29|
espocrm|10.0.6|=10|apache=trixie =trixie fpm=trixie fpm-alpine=alpine3.23
fedora|43 44 45|=44 rawhide=45|
flink|2.3.0 2.2.1 2.1.3 1.20.5|=2.3|
fluentd|1.19.3|=1.19|
friendica|2026.01 2026.05 2026.08|=2026.05 dev-apache=2026.08 dev=2026.08 dev-fpm=2026.08|
gcc|16.2.0 15.3.0 14.4.0 13.4.0 12.5.0|=16|=trixie 13/=bookworm 12/=bookworm
geonetwork|3.12.12 4.2.17 4.4.12|=4.4|
ghost|6.59.0|=6|=bookworm alpine=alpine3.23
golang|1.27.0 1.26.7|=1.27|=trixie alpine=alpine3.24
gradle|9.7.1 8.14.5 7.6.6 6.9.4|=9 jdk11=8 jdk11-corretto=8 jdk8=8 jdk8-corretto=8|=? 9/=resolute /=resolute 6/=jammy jdk25=resolute corretto=al2023 jdk25-corretto=al2023 rpm=ubi9 9/rpm=ubi10 /rpm=ubi10 jdk25-rpm=ubi10 graal=noble 9/graal=resolute /graal=resolute jdk25-graal=resolute jdk21=resolute jdk21-corretto=al2023 jdk21-rpm=ubi10 jdk21-graal=resolute jdk17=resolute jdk17-corretto=al2023 jdk17-rpm=ubi10 jdk17-graal=resolute jdk26=resolute jdk26-corretto=al2023 jdk26-rpm=ubi10 lts-and-current=resolute 25-and-26=resolute and-26=resolute lts-and-current-corretto=al2023 25-and-26-corretto=al2023 and-26-corretto=al2023 lts-and-current-graal=resolute 25-and-25-graal=resolute and-25-graal=resolute jdk11=jammy jdk11-corretto=al2023 jdk11-rpm=ubi9 jdk8=jammy jdk8-corretto=al2023 jdk8-rpm=ubi9
groovy|5.1.0 4.0.33 3.0.25|=5 jdk8=4|=? /=noble jdk21=noble jdk17=noble jdk11=jammy jdk8=jammy
haproxy|3.4.3 3.3.13 3.2.22 3.0.26 2.8.27 2.6.32|=3.4|=trixie lts=trixie alpine=alpine3.24 lts-alpine=alpine3.24
haskell|9.14.1 9.12.4 9.10.3 9.8.4 9.6.7|=9.14|=bookworm 9.10/=bullseye 9.8/=bullseye 9.6/=bullseye slim=bullseye 9/slim=bookworm /slim=bookworm 9.8/slim=bullseye 9.6/slim=bullseye
haxe|4.3.7 4.2.5 4.1.5 4.0.5|=4.3|=bullseye /=trixie 4.3/=trixie 4.2/=bookworm alpine=alpine3.24
hitch|1.8.0|=1.8|
httpd|2.4.68|=2|=trixie alpine=alpine3.24
hylang|1.3.1|=1.3|python3.14=trixie =trixie python3.14-alpine=alpine3.24 alpine=alpine3.24 python3.13=trixie python3.13-alpine=alpine3.24 python3.12=trixie python3.12-alpine=alpine3.24 python3.11=trixie python3.11-alpine=alpine3.24 python3.10=trixie python3.10-alpine=alpine3.24 pypy3.11=trixie pypy=trixie
ibm-semeru-runtimes|8.0.502.0 11.0.32.0 17.0.20.0 21.0.12.0 25.0.4.0 26.0.2.0||open=resolute
ibmjava|8|=8|
influxdb|1.13.0 1.12.4 1.11.8 1.11.9 2.8.0 2.9.1 3.9.11 3.10.5 3.11.2|data=1.12 meta=1.12 =2.9 core=3.11 enterprise=3.11|
irssi|1.4.5|=1.4|=trixie alpine=alpine3.23
jetty|12.1.12 12.0.38|=12.1|amazoncorretto=al2023
joomla|6.1.3 5.4.8|=6|
jruby|10.1.1.0 10.0.6.0 9.4.15.0 9.3.15.0 10.0 10.1 9.4|=10.1|
julia|1.12.7 1.10.12 1.11.9|=1.12|=trixie
kapacitor|1.7.7 1.8.6|=1.8|
kong|3.9.3 3.8.0 3.4.2|=3.9|
krakend|2.13.10|=2|
lightstreamer|6.0.3 6.1.0 7.0.3 7.1.3 7.2.2 7.3.3 7.4.8|=7.4|
liquibase|5.0.1|=5|
mageia|10 9|=10|
mariadb|12.3.2 11.8.8 11.4.12 10.11.18 10.6.28|=12.3|rpm=ubi9 12/rpm=ubi10 lts-rpm=ubi10 =noble 10/=jammy lts=noble
matomo|5.13.0|=5|
maven|3.9.16|=3|eclipse-temurin=noble =noble amazoncorretto=al2023 amazoncorretto-debian=trixie
mediawiki|1.46.0 1.45.4 1.43.9|=1.46 lts=1.43 lts-fpm=1.43|
memcached|1.6.45|=1.6|=trixie alpine=alpine3.24
mongo|8.3.8 8.0.29 7.0.40||=noble 7/=jammy
monica|4.1.2|=4|
mysql|26.7.0 9.7.2 8.4.11|=26 lts=9|=oraclelinux9 innovation=oraclelinux9 rpm=oraclelinux9 innovation-rpm=oraclelinux9 lts=oraclelinux9 lts-rpm=oraclelinux9
nats|2.14.5 2.12.15|=2.14|alpine=alpine3.22
neo4j|2026.07.1 5.26.29 4.4.48|=2026|community=trixie =trixie enterprise=trixie
neurodebian|||nd22.04=jammy nd22.04-non-free=jammy nd24.04=noble nd24.04-non-free=noble nd110=bullseye nd110-non-free=bullseye nd120=bookworm nd120-non-free=bookworm nd130=trixie =trixie nd130-non-free=trixie non-free=trixie nd140=forky nd140-non-free=forky
nextcloud|32.0.14 33.0.8 34.0.3|=34|
nginx|1.31.4 1.30.4|=1.31 stable=1.30 stable-perl=1.30 stable-otel=1.30 stable-slim=1.30|=trixie mainline=trixie perl=trixie mainline-perl=trixie otel=trixie mainline-otel=trixie alpine=alpine3.24 mainline-alpine=alpine3.24 perl-alpine=alpine3.24 mainline-perl-alpine=alpine3.24 slim-alpine=alpine3.24 mainline-slim-alpine=alpine3.24 otel-alpine=alpine3.24 mainline-otel-alpine=alpine3.24 stable=trixie stable-perl=trixie stable-otel=trixie stable-alpine=alpine3.24 stable-perl-alpine=alpine3.24 stable-slim-alpine=alpine3.24 stable-otel-alpine=alpine3.24
nim|2.2.10 2.2.8 2.2.6 2.2.4 2.2.2 2.2.0 2.0.14 2.0.12 2.0.10 2.0.8 2.0.6 2.0.4 2.0.2 2.0.0|=2.2|
node|26.7.0 24.19.0 22.23.2|=26 krypton=24 lts=24 lts-krypton=24 krypton-slim=24 lts-slim=24 jod=22 jod-slim=22|alpine=alpine3.24 current-alpine=alpine3.24 =bookworm 26/=trixie /=trixie current=trixie slim=bookworm 26/slim=trixie /slim=trixie current-slim=trixie krypton-alpine=alpine3.24 lts-alpine=alpine3.24 krypton=bookworm lts=bookworm lts-krypton=bookworm krypton-slim=bookworm lts-slim=bookworm jod-alpine=alpine3.24 jod=bookworm jod-slim=bookworm
odoo|19.0 18.0 17.0|=19|
orientdb|3.2.55 3.1.20|=3.2|
perl|5.44.0 5.42.3 5.40.5 5.45.2|=5.44 devel=5.45 devel-slim=5.45 devel-threaded=5.45 devel-slim-threaded=5.45|=trixie stable=trixie slim=trixie stable-slim=trixie threaded=trixie stable-threaded=trixie slim-threaded=trixie stable-slim-threaded=trixie devel-slim=trixie devel-threaded=trixie devel-slim-threaded=trixie
photon|5.0 4.0 3.0|=5|
php|8.5.9 8.4.24 8.3.33 8.2.33|=8.5|cli=trixie =trixie apache=trixie fpm=trixie zts=trixie cli-alpine=alpine3.24 alpine=alpine3.24 fpm-alpine=alpine3.24 zts-alpine=alpine3.24
phpmyadmin|5.2.3|=5|
postfixadmin|4.0.5|=4|
postgres|18.6 17.11 16.15 15.19 14.24|=18|=trixie alpine=alpine3.24
pypy|3.11 2.7|=3|7.3.23=trixie 7.3=trixie 7=trixie =trixie 7.3.23-slim=trixie 7.3-slim=trixie 7-slim=trixie slim=trixie
python|3.14.7 3.13.15 3.12.14 3.11.16 3.10.21|=3.14|=trixie slim=trixie alpine=alpine3.24
r-base|4.6.1|=4|
rabbitmq|4.3.5 4.2.9 4.1.8 4.0.9|=4.3|
rakudo-star|2026.06|=2026|=trixie
redis|8.10.1 8.8.2 8.6.6 8.4.6 8.2.9 7.4.11 7.2.16 6.2.24|=8.10|=trixie 7/=bookworm 6/=bookworm 8.2/=bookworm alpine=alpine3.23 7/alpine=alpine3.21 6/alpine=alpine3.21 8.4/alpine=alpine3.22 8.2/alpine=alpine3.22
redmine|7.0.0 6.1.3 6.0.10|=7.0|=trixie alpine=alpine3.24
registry|3.1.1|=3|
rethinkdb|2.4.4|=2|=bookworm
rocket.chat|8.5.1 8.4.4 8.3.6 8.2.6 8.1.6 8.0.7 7.13.9 7.10.9|=8.5|
ros|||humble-ros-core=jammy humble-ros-base=jammy humble=jammy humble-perception=jammy jazzy-ros-core=noble jazzy-ros-base=noble jazzy=noble jazzy-perception=noble kilted-ros-core=noble kilted-ros-base=noble kilted=noble kilted-perception=noble lyrical-ros-core=resolute lyrical-ros-base=resolute lyrical=resolute =resolute lyrical-perception=resolute rolling-ros-core=resolute rolling-ros-base=resolute rolling=resolute rolling-perception=resolute
ruby|4.0.6 3.4.10 3.3.12|=4.0|=trixie slim=trixie alpine=alpine3.24
rust|1.98.0|=1.98|=trixie slim=trixie alpine=alpine3.24
sapmachine|26.0.2.1 25.0.4.1 21.0.12.1 17.0.20.1|=26 lts-headless=25 lts=25|headless=noble headless-ubuntu=noble =noble ubuntu=noble alpine=alpine3.23 lts-headless-ubuntu=noble lts-ubuntu=noble lts=noble lts-alpine=alpine3.23
satosa|8.5.1|=8|=bookworm alpine=alpine3.22
silverpeas|6.4.7 6.3.6|=6.4|
solr|10.0.0 9.10.1 9.9.0|=10.0|
sonarqube|2026.4.1 2026.1.5 2025.4.8 2025.1.8 26.8.0.126808|enterprise=2026.4 datacenter-app=2026.4 datacenter-search=2026.4 =26.8|
spark|4.1.2 4.0.2 3.5.8|=4.1|
spiped|1.6.4|=1.6|
storm|2.8.9 3.0.0|=3|
swift|6.3.3 6.2.4 6.1.3 6.0.3|=6.3|=noble slim=noble
swipl|10.1.13 10.0.2|=10.1 stable=10.0|
teamspeak|3.13.8|=3|
telegraf|1.37.3 1.38.4 1.39.3|=1.39|
tomcat|11.0.25 10.1.59 9.0.121|=11|temurin=noble jdk25-temurin=noble =noble jdk25=noble jdk21-temurin=noble jdk21=noble jdk17-temurin=noble jdk17=noble
tomee|11.0.0 10.2.0|=10|
traefik|3.7.11 2.11.55|=3 mimolette=2|
ubuntu|22.04 24.04 26.04|20260810=22 =26|=resolute 22.04/=jammy 24.04/=noble rolling=resolute
varnish|9.0.3 8.0.2 6.0.18|=9 old=8 stable=6|
wordpress|7.1.0 2.12.0|=7 cli-php8.2=2 cli=2 cli-php8.3=2 cli-php8.4=2 cli-php8.5=2|
xwiki|18.6.0 18.4.4 17.10.12 16.10.18|=18.6 lts-mysql-tomcat=17.10 lts-mysql=17.10 lts=17.10 lts-postgres-tomcat=17.10 lts-postgres=17.10 lts-mariadb-tomcat=17.10 lts-mariadb=17.10|
yourls|1.10.4|=1.10|
znc|1.10.2|=1.10|
zookeeper|3.8.6 3.9.5|=3.9|
`;
