import { describe, expect, it } from 'vitest';
import { summary } from './calls.ts';

describe('Debian', () => {
  it.each([
    ['apt-get update', 'apt-get update'],
    ['apt-get update -qq -o Acquire::Retries=3', 'apt-get update'],
    ['apt-get install -y --no-install-recommends gcc libpq-dev', 'apt-get install gcc libpq-dev'],
    ['sudo /usr/bin/apt-get -y install curl', 'apt-get install curl'],
    ['DEBIAN_FRONTEND=noninteractive apt-get -yqq install curl', 'apt-get install curl'],
    ['apt-get -t bookworm-backports install -y git', 'apt-get install git'],
    ['apt-get install -y -t=testing git', 'apt-get install git'],
    ['apt-get install -o Dpkg::Options::="--force-confold" tzdata', 'apt-get install tzdata'],
    [
      'apt-get install nginx=1.24.0-1 libc6:i386 g++ foo/stable',
      'apt-get install nginx|=1.24.0-1 libc6 g++ foo|/stable',
    ],
    ['apt-get install nginx=1.24.* curl', 'apt-get install nginx|=1.24.* curl'],
    ['apt-get install "nginx=$NGINX_VERSION" $PKGS', 'apt-get install nginx|=$NGINX_VERSION unknown=$PKGS'],
    ['apt-get install linux-headers-$(uname -r)', 'apt-get install unknown=linux-headers-$(uname -r)'],
    ['apt-get install lib{a,b}', 'apt-get install unknown=lib{a,b}'],
    ['apt-get install -y ./tool.deb /tmp/*.deb', 'apt-get install paths=./tool.deb,/tmp/*.deb'],
    ['apt-get purge -y --auto-remove gcc', 'apt-get remove gcc'],
    ['apt-get autoremove -y', 'apt-get remove'],
    ['apt-get dist-upgrade -y', 'apt-get upgrade'],
    ['apt-get clean', 'apt-get clean'],
    ['apt-mark manual curl', 'apt-get configure'],
    ['apt-cache policy curl', 'apt-get query'],
    ['add-apt-repository -y ppa:deadsnakes/ppa', 'apt-get configure'],
    ['apt install -y python3-pip', 'apt install python3-pip'],
    ['aptitude install -y vim', 'aptitude install vim'],
    ['dpkg -i /tmp/x.deb', 'dpkg install paths=/tmp/x.deb'],
    ['dpkg --add-architecture i386', 'dpkg configure'],
    ['dpkg --purge --force-all libx:amd64', 'dpkg remove libx|:amd64'],
    ['dpkg -l', 'dpkg query'],
    ['dpkg-reconfigure -f noninteractive tzdata', 'dpkg configure'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('Alpine', () => {
  it.each([
    ['apk add --no-cache gcc musl-dev', 'apk install gcc musl-dev'],
    ['apk --no-cache --update add curl', 'apk install curl'],
    ['apk add --no-cache --virtual .build-deps gcc', 'apk install gcc virtual=.build-deps'],
    ['apk add -U -t .build make', 'apk install make virtual=.build'],
    ['apk add --virtual=.b make', 'apk install make virtual=.b'],
    ['apk add -X https://example.com/edge/testing foo@edge "bar>1.2" baz~=3', 'apk install foo|@edge bar|>1.2 baz|~=3'],
    ['apk add --allow-untrusted /tmp/x.apk', 'apk install paths=/tmp/x.apk'],
    ['apk add -p /rootfs --initdb busybox', 'apk install busybox directory directory=/rootfs'],
    ['apk del .build-deps', 'apk remove .build-deps'],
    ['apk update', 'apk update'],
    ['apk upgrade --no-cache', 'apk upgrade'],
    ['apk cache clean', 'apk clean'],
    ['apk info -vv', 'apk query'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('RPM families', () => {
  it.each([
    ['dnf install -y --setopt=install_weak_deps=False python3.11', 'dnf install python3.11'],
    ['dnf -y --enablerepo crb install glibc-devel.x86_64', 'dnf install glibc-devel'],
    ['dnf module install -y nodejs:18/common', 'dnf install nodejs|:18/common'],
    ['dnf config-manager --add-repo https://example.com/x.repo', 'dnf configure'],
    ['dnf clean all', 'dnf clean'],
    ['microdnf update -y', 'microdnf upgrade'],
    ['microdnf install --nodocs tar', 'microdnf install tar'],
    [
      'yum install -y https://example.com/x.rpm epel-release',
      'yum install epel-release paths=https://example.com/x.rpm',
    ],
    ['yum -y groupinstall "Development Tools"', 'yum install Development Tools'],
    ['yum --installroot /mnt/rootfs install coreutils', 'yum install coreutils directory directory=/mnt/rootfs'],
    ['zypper -n install -t pattern devel_basis', 'zypper install devel_basis'],
    ['zypper --non-interactive in --no-recommends curl', 'zypper install curl'],
    ['zypper ref', 'zypper update'],
    ['rpm -ivh https://example.com/x.rpm', 'rpm install paths=https://example.com/x.rpm'],
    ['rpm --import https://example.com/key', 'rpm configure'],
    ['rpm -e --nodeps curl', 'rpm remove curl'],
    ['rpm -qa', 'rpm query'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});
