import { describe, expect, it } from 'vitest';
import { nearestWay } from '../../src/sources/nearest-way.ts';

describe('what to start from instead', () => {
  it.each([
    ['phpswoole/swoole', 'pecl install swoole'],
    ['openswoole/swoole', 'pecl install swoole'],
    ['dunglas/frankenphp', 'php:X.Y-fpm'],
    ['webdevops/php-nginx', 'together'],
    ['webdevops/php-apache-dev', 'together'],
    ['webdevops/php', 'docker-php-ext-install'],
  ])('%s', (repository, way) => expect(nearestWay(repository)).toContain(way));

  it.each(['library/php', 'example/php', 'webdevops/toolbox'])('%s: nothing near', (repository) =>
    expect(nearestWay(repository)).toBeUndefined(),
  );
});
