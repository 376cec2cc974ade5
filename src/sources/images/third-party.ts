import type { Family } from '../source-image.ts';
import type { KnownImage } from './known-image.ts';

/**
 * Third-party repositories, one a line: path (docker.io's without registry; a last `*` stands for the rest), relation,
 * hardened image, family letter with flags, reason. Relations: `=` same software, `~` substitute, `-` none, `@` the
 * same image as the official one of that name. Family: d(ebian) u(buntu) a(lpine) r(pm) s(cratch) l (distroless) w(indows)
 * `?` unknown; flags: J(DK), D(atabase). Read when the first of them is asked for. Source: the vendors' repositories,
 * as known in general; names on the right checked against the catalog.
 */
const TABLE = `
adoptopenjdk ~ eclipse-temurin uJ AdoptOpenJDK became Eclipse Temurin
adoptopenjdk/* ~ eclipse-temurin uJ AdoptOpenJDK became Eclipse Temurin
alpine/curl = curl a
alpine/git = git a
alpine/helm = helm a
amazon/aws-cli = awscli r
amazon/aws-lambda-* - - r the base images of AWS Lambda hold its runtime interface
anchore/grype = grype s
anchore/syft = syft s
ankane/pgvector = pgvector dD
apache/activemq-artemis = activemq-artemis uD
apache/airflow = airflow d
apache/apisix = apisix d
apache/druid = druid l
apache/kafka = kafka aD
apache/kafka-native = kafka aD
apache/nifi = nifi u
apache/solr @ solr
apache/spark = spark u
apache/spark-py = spark u
apache/superset = superset d
aquasec/trivy = trivy a
artilleryio/artillery - - ? the catalog has no Artillery image
axllent/mailpit - - ? the catalog has no Mailpit image
azul/prime = azul ?J
azul/zulu-openjdk = azul uJ
azul/zulu-openjdk-alpine = azul aJ
azul/zulu-openjdk-debian = azul dJ
azul/zulu-openjdk-centos = azul rJ
bellsoft/liberica-openjdk-alpine ~ eclipse-temurin aJ another vendor's build of OpenJDK
bellsoft/liberica-openjdk-alpine-musl ~ eclipse-temurin aJ another vendor's build of OpenJDK
bellsoft/liberica-openjdk-debian ~ eclipse-temurin dJ another vendor's build of OpenJDK
bellsoft/liberica-openjre-alpine ~ eclipse-temurin aR another vendor's build of OpenJDK
bellsoft/liberica-openjre-debian ~ eclipse-temurin dR another vendor's build of OpenJDK
bellsoft/liberica-runtime-container ~ eclipse-temurin aJ another vendor's build of OpenJDK on its own Linux
berriai/litellm = litellm ?
browserless/chrome - - ? the catalog has no browserless image
chrislusf/seaweedfs = seaweedfs a
cimg/go ~ golang u CI image with many tools beside Go
cimg/node ~ node u CI image with many tools beside Node.js
cimg/openjdk ~ eclipse-temurin uJ CI image with many tools beside Java
cimg/php ~ php u CI image with many tools beside PHP
cimg/python ~ python u CI image with many tools beside Python
cimg/ruby ~ ruby u CI image with many tools beside Ruby
cimg/rust ~ rust u CI image with many tools beside Rust
cimg/* - - u CI image without counterpart in the catalog
circleci/golang ~ golang d CI image with many tools beside Go
circleci/node ~ node d CI image with many tools beside Node.js
circleci/python ~ python d CI image with many tools beside Python
circleci/ruby ~ ruby d CI image with many tools beside Ruby
circleci/* - - ? CI image without counterpart in the catalog
cirrusci/flutter - - u the catalog has no Flutter image
clamav/clamav = clamav a
clickhouse/clickhouse-server = clickhouse-server uD
cloudflare/cloudflared - - ? the catalog has no cloudflared image
clux/muslrust ~ rust u musl target on Ubuntu; the hardened image builds for musl on Alpine
confluentinc/cp-kafka ~ kafka rD Apache Kafka without Confluent's start scripts and environment
confluentinc/cp-zookeeper ~ zookeeper rD Apache ZooKeeper without Confluent's start scripts and environment
confluentinc/cp-kafka-connect-base - - rD the catalog has no Kafka Connect image
container-registry.oracle.com/java/openjdk ~ eclipse-temurin rJ another vendor's build of OpenJDK
container-registry.oracle.com/java/jdk ~ eclipse-temurin rJ Oracle's own JDK
container-registry.oracle.com/graalvm/* - - r the catalog has no GraalVM image
continuumio/miniconda3 = miniconda3 d
continuumio/anaconda3 ~ miniconda3 d Anaconda's packages are installed on Miniconda
coredns/coredns = coredns l
crystallang/crystal - - u the catalog has no Crystal image
curlimages/curl = curl a
cypress/* - - d the catalog has no Cypress image
dexidp/dex = dex a
docker.elastic.co/beats/filebeat = filebeat ?
docker.elastic.co/elasticsearch/elasticsearch @ elasticsearch
docker.elastic.co/kibana/kibana @ kibana
docker.elastic.co/logstash/logstash @ logstash
docker/buildx-bin - - s the catalog has no buildx image
dpage/pgadmin4 - - a the catalog has no pgAdmin image
dunglas/frankenphp - - d the catalog has no FrankenPHP image
envoyproxy/envoy = envoy u
fluent/fluent-bit = fluent-bit l
fluent/fluentd @ fluentd
flyway/flyway = flyway u
gcr.io/google.com/cloudsdktool/cloud-sdk = cloud-sdk d
gcr.io/google.com/cloudsdktool/google-cloud-cli = cloud-sdk d
gcr.io/google_appengine/* - - ? the base images of App Engine's old flexible environment are retired
gcr.io/kaniko-project/* - - s the catalog has no kaniko image
gcr.io/oss-fuzz-base/* - - u fuzzing builds need OSS-Fuzz's own toolchain
gcr.io/projectsilkeh/clang - - d the catalog has no Clang image; clang is installed on debian-base
sigstore/cosign = cosign l
getmeili/meilisearch = meilisearch aD
ghcr.io/actions/actions-runner - - u the catalog has no GitHub Actions runner image
ghcr.io/berriai/litellm = litellm ?
ghcr.io/cloudnative-pg/postgresql = cloudnative-pg dD
ghcr.io/dexidp/dex = dex a
ghcr.io/gethomepage/homepage = homepage a
ghcr.io/gleam-lang/gleam - - ? the catalog has no Gleam image
ghcr.io/graalvm/* - - r the catalog has no GraalVM image
ghcr.io/home-assistant/* - - ? the base images of Home Assistant hold its own supervision
ghcr.io/hassio-addons/* - - ? the base images of Home Assistant add-ons hold its own supervision
ghcr.io/kiwigrid/k8s-sidecar = k8s-sidecar a
ghcr.io/opentofu/opentofu - - a the catalog has no OpenTofu image
ghcr.io/oras-project/oras = oras a
ghcr.io/oracle/* - - r the catalog has no counterpart of Oracle's language images
gitea/gitea = gitea a
gitlab/gitlab-runner = gitlab-runner u
goharbor/harbor-core = harbor-core ?
google/cloud-sdk = cloud-sdk d
grafana/agent - - ? left the catalog; Grafana replaced it by Alloy
grafana/alloy = alloy u
grafana/grafana = grafana a
grafana/grafana-oss = grafana a
grafana/k6 = k6 a
grafana/loki = loki ?
grafana/promtail - - d left the catalog; Grafana replaced it by Alloy
grafana/pyroscope = pyroscope ?
grafana/tempo = tempo ?
haproxytech/haproxy-alpine = haproxy a
hashicorp/consul - - a the catalog has no Consul image
hashicorp/http-echo = http-echo ?
hashicorp/packer - - a the catalog has no Packer image
hashicorp/terraform = terraform a
hashicorp/vault @ vault
heroku/* - - u Heroku's stacks are bases of its buildpacks
hexpm/elixir ~ elixir ? Hex's builds choose Erlang and distribution freely
hexpm/erlang ~ erlang-otp ? Hex's builds choose the distribution freely
hseeberger/scala-sbt - - ? the catalog has no sbt image
istio/pilot = istio-pilot u
istio/proxyv2 = istio-proxyv2 u
jaegertracing/all-in-one - - ? the catalog has Jaeger's parts one by one
jaegertracing/jaeger-query = jaeger-query a
jboss/keycloak ~ keycloak r the WildFly-based predecessor
jenkins/agent = jenkins-agent d
jenkins/inbound-agent = jenkins-inbound-agent d
jenkins/jenkins = jenkins d
jupyter/datascience-notebook = datascience-notebook u
jupyter/* - - u the catalog has the data science notebook only
jupyterhub/jupyterhub = jupyterhub u
kong/kong-gateway - - ? the catalog has Kong's open source gateway only
kennethreitz/httpbin = httpbin u
keycloak/keycloak = keycloak r
koalaman/shellcheck = shellcheck s
langfuse/langfuse = langfuse a
linuxserver/* - - ? the images of linuxserver.io start through their own init system
liquibase/liquibase @ liquibase
localstack/localstack = localstack d
louislam/uptime-kuma = uptime-kuma d
mailhog/mailhog - - a the catalog has no MailHog image
mambaorg/micromamba ~ miniconda3 d conda in place of micromamba
mcr.microsoft.com/azure-cli = azure-cli ?
mcr.microsoft.com/azure-functions/node = azure-functions-node d
mcr.microsoft.com/azure-functions/python = azure-functions-python d
mcr.microsoft.com/azure-functions/* - - d the catalog has the Node.js and Python hosts of Azure Functions only
mcr.microsoft.com/azurelinux/distroless/* ~ static l another distribution's minimal image
mcr.microsoft.com/devcontainers/* - - ? a development container is not meant to be shipped
mcr.microsoft.com/vscode/devcontainers/* - - ? a development container is not meant to be shipped
mcr.microsoft.com/dotnet/monitor/* - - ? the catalog has no dotnet-monitor image
mcr.microsoft.com/dotnet/framework/* - - w .NET Framework runs on Windows only
mcr.microsoft.com/mssql/server - - uD the catalog has no SQL Server image
mcr.microsoft.com/nanoserver-insider - - w Windows containers have no hardened image
mcr.microsoft.com/openjdk/jdk ~ eclipse-temurin uJ another vendor's build of OpenJDK
mcr.microsoft.com/playwright = playwright u
mcr.microsoft.com/playwright/python ~ playwright u the hardened image has no Python
mcr.microsoft.com/powershell - - ? the catalog has no PowerShell image
mcr.microsoft.com/windows - - w Windows containers have no hardened image
mcr.microsoft.com/windows/* - - w Windows containers have no hardened image
mcr.microsoft.com/windowsservercore-insider - - w Windows containers have no hardened image
messense/rust-musl-cross - - u the catalog has no cross compiler for Rust
microsoft/iis - - w Windows containers have no hardened image
microsoft/nanoserver - - w Windows containers have no hardened image
microsoft/windowsservercore - - w Windows containers have no hardened image
minio/mc - - r the catalog has no MinIO client image
minio/minio - - rD the catalog has no MinIO image
moby/buildkit = buildkit a
mongodb/mongodb-community-server = mongodb uD
n8nio/n8n - - a the catalog has no n8n image
natsio/nats-box = nats-box a
netboxcommunity/netbox = netbox u
netdata/netdata = netdata d
nginx/unit - - d the catalog has no NGINX Unit image
nginx/nginx-ingress = nginx-ingress d
nvidia/cuda = nvidia-cuda u
ocaml/opam - - ? the catalog has no OCaml image
ollama/ollama - - u the catalog has no Ollama image
openbao/openbao = openbao a
openpolicyagent/opa = open-policy-agent l
openresty/openresty = openresty d
opensearchproject/opensearch = opensearch rD
opensearchproject/opensearch-dashboards = opensearch-dashboards r
oracle/* - - r the catalog has no images of Oracle's products
otel/opentelemetry-collector = opentelemetry-collector s
otel/opentelemetry-collector-contrib = opentelemetry-collector s
paketobuildpacks/* - - u buildpacks' stacks are replaced as a whole
payara/server-full - - u the catalog has no Payara image
percona/percona-server-mongodb - - rD the catalog has no Percona Server image
percona/percona-xtrabackup = percona-xtrabackup r
pgvector/pgvector = pgvector dD
phpswoole/swoole - - ? the catalog has no PHP with Swoole
portainer/* - - ? the catalog has no Portainer image
postgis/postgis - - dD the catalog has no PostGIS image
prom/alertmanager = alertmanager ?
prom/blackbox-exporter = blackbox-exporter ?
prom/mysqld-exporter = mysqld-exporter ?
prom/node-exporter = node-exporter ?
prom/prometheus = prometheus ?
prom/pushgateway = pushgateway ?
prom/statsd-exporter = prometheus-statsd-exporter ?
public.ecr.aws/amazoncorretto/amazoncorretto @ amazoncorretto
public.ecr.aws/aws-cli/aws-cli = awscli r
public.ecr.aws/aws-observability/aws-for-fluent-bit ~ fluent-bit r AWS's plug-ins are not in the hardened image
public.ecr.aws/lambda/* - - r the base images of AWS Lambda hold its runtime interface
public.ecr.aws/nginx/nginx @ nginx
public.ecr.aws/sam/* - - r the build images of AWS SAM mirror Lambda's runtime
pytorch/pytorch = pytorch u
qdrant/qdrant = qdrant dD
quay.io/argoproj/argocd = argocd u
quay.io/coreos/etcd = etcd lD
quay.io/jetstack/cert-manager-controller = cert-manager-controller l
quay.io/jupyter/datascience-notebook = datascience-notebook u
quay.io/jupyter/* - - u the catalog has the data science notebook only
quay.io/keycloak/keycloak = keycloak r
quay.io/oauth2-proxy/oauth2-proxy = oauth2-proxy ?
quay.io/prometheus/alertmanager = alertmanager ?
quay.io/prometheus/node-exporter = node-exporter ?
quay.io/prometheus/prometheus = prometheus ?
quay.io/wildfly/wildfly - - r the catalog has no WildFly image
rancher/kubectl = kubectl s
redis/redis-stack - - uD Redis 8 holds the modules of Redis Stack
redis/redis-stack-server - - uD Redis 8 holds the modules of Redis Stack
registry.k8s.io/coredns/coredns = coredns l
registry.k8s.io/external-dns/external-dns = external-dns l
registry.k8s.io/git-sync/git-sync = git-sync d
registry.k8s.io/ingress-nginx/controller - - a the catalog's nginx-ingress is another project's controller
registry.k8s.io/kube-apiserver = kube-apiserver l
registry.k8s.io/kube-proxy = kube-proxy d
registry.k8s.io/kube-state-metrics/kube-state-metrics = kube-state-metrics l
registry.k8s.io/kubectl = kubectl l
registry.k8s.io/metrics-server/metrics-server = metrics-server l
registry.k8s.io/pause = kubernetes-pause s
rocker/r-ver ~ r-base u R on Ubuntu with Rocker's own repositories
rocker/* - - u the catalog has no counterpart of Rocker's stacks
sbtscala/scala-sbt - - ? the catalog has no sbt image
selenium/hub = selenium-hub u
selenium/node-chromium = selenium-node-chromium u
selenium/standalone-* - - u the catalog has Selenium's hub and Chromium node only
serversideup/php - - ? the catalog has no PHP with a web server and its own init system
silkeh/clang - - d the catalog has no Clang image; clang is installed on debian-base
sigstore/cosign = cosign l
sonatype/nexus3 - - r the catalog has no Nexus image
tailscale/tailscale = tailscale a
temporalio/admin-tools = temporalio-admin-tools a
temporalio/server = temporalio-server a
tensorflow/serving = tensorflow-serving u
tensorflow/tensorflow - - u the catalog has no TensorFlow image
tiangolo/* - - d its start scripts (start.sh, gunicorn_conf.py) decide how the program runs and are not in the catalog
timberio/vector = vector d
timescale/timescaledb - - aD the catalog has no TimescaleDB image
timescale/timescaledb-ha - - uD the catalog has no TimescaleDB image
tonistiigi/xx - - s xx is copied from, not shipped
trinodb/trino = trino r
trufflesecurity/trufflehog = trufflehog a
unleashorg/unleash-server = unleash a
valkey/valkey = valkey dD
vaultwarden/server - - d the catalog has no Vaultwarden image
velero/velero = velero ?
victoriametrics/vmagent = victoriametrics-vmagent a
webdevops/* - - ? these PHP images start through their own init system
wiremock/wiremock = wiremock u
wurstmeister/kafka ~ kafka aD Apache Kafka without its start scripts and environment
zricethezav/gitleaks = gitleaks a
`;

const FAMILIES: Readonly<Record<string, Family>> = {
  d: 'debian',
  u: 'ubuntu',
  a: 'alpine',
  r: 'rpm',
  s: 'scratch',
  l: 'distroless',
  w: 'windows',
  '?': 'unknown',
};

/** What a line of the table says; `official` names the official image that it equals. */
export type ThirdParty = KnownImage & { readonly official?: string };

const exact = new Map<string, ThirdParty>();
const prefixes: { readonly prefix: string; readonly image: ThirdParty }[] = [];

function readTable(): void {
  for (const line of TABLE.split('\n')) {
    if (line === '') continue;
    const [path = '', relation, hardened = '-', kind = '', ...reason] = line.split(' ');
    const image: ThirdParty = {
      name: path.replace(/\/?\*$/, ''),
      family: FAMILIES[kind.charAt(0)] ?? 'unknown',
      substitute: relation === '~',
      ...(relation === '@' ? { official: hardened } : {}),
      ...(relation === '=' || relation === '~' ? { hardened } : {}),
      ...(reason.length > 0 ? { reason: reason.join(' ') } : {}),
      ...(kind.includes('J') ? { java: 'jdk' as const } : kind.includes('R') ? { java: 'jre' as const } : {}),
      ...(kind.includes('D') ? { database: true } : {}),
    };
    if (path.endsWith('*')) prefixes.push({ prefix: path.slice(0, -1), image });
    else exact.set(path, image);
  }
}

/** The table's row for a path, docker.io's without registry; undefined if it is not in the table. */
export function thirdParty(path: string): ThirdParty | undefined {
  if (exact.size === 0) readTable();
  const row = exact.get(path);
  if (row !== undefined) return row;
  const match = prefixes.find(({ prefix }) => path.startsWith(prefix));
  return match === undefined ? undefined : { ...match.image, name: path };
}

/** Every hardened image that the table names, for checking against a catalog. */
export function thirdPartyTargets(): readonly string[] {
  if (exact.size === 0) readTable();
  return [...exact.values(), ...prefixes.map(({ image }) => image)].flatMap(({ hardened }) => hardened ?? []);
}
