import { describe, expect, test } from 'vitest';
import { nginxDirectives, readNginx } from '../../src/server-configuration/nginx.ts';

const site = `# site
server {
  listen 80 default_server; # listen 81;
  location ~ \\.php$ { fastcgi_pass php:9000; }
  add_header X "a; listen 82; { \\"b\\"";
  server_name \${HOST};
}
`;

describe('the reader of nginx configuration', () => {
  test('finds directives with their places and blocks, not what comments and quotes hold', () => {
    const { directives, problem } = readNginx(site);
    expect(problem).toBeUndefined();
    const all = [...nginxDirectives(directives)].map(
      ({ name, args, context }) => `${context.join('/')}: ${[name, ...args].map(({ value }) => value).join(' ')}`,
    );
    expect(all).toEqual([
      ': server',
      'server: listen 80 default_server',
      'server: location ~ \\.php$',
      'server/location: fastcgi_pass php:9000',
      'server: add_header X a; listen 82; { "b"',
      'server: server_name ${HOST}',
    ]);
    const listen = directives[0]!.children[0]!;
    expect(site.slice(listen.range.start, listen.range.end)).toBe('listen 80 default_server;');
    expect(site.slice(listen.args[0]!.range.start, listen.args[0]!.range.end)).toBe('80');
  });

  test.each([
    ['server { listen 80;', 'the block server is never closed'],
    ['listen 80', 'listen is not ended by a semicolon'],
    ['}', 'a closing brace without a block'],
    ['{', 'a brace without a directive'],
    ['a "b', 'a quote is never closed'],
    ['server { listen 80 }', 'listen is not ended by a semicolon'],
  ])('says what nginx would refuse: %s', (text, problem) => {
    expect(readNginx(text).problem).toBe(problem);
  });

  test('is linear on hostile input', () => {
    const start = performance.now();
    for (const text of ['{'.repeat(200_000), 'a{'.repeat(100_000), '${'.repeat(200_000), '\\'.repeat(200_000)])
      readNginx(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
