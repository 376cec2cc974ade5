import { describe, expect, it } from 'vitest';
import { summary } from './calls.ts';

const gradle = 'files=build.gradle,build.gradle.kts,settings.gradle,settings.gradle.kts,gradle.properties';

describe('Rust', () => {
  it.each([
    ['cargo build --release --bin app', 'cargo build files=Cargo.toml,Cargo.lock'],
    ['cargo +nightly build -Z unstable --target x86_64-unknown-linux-musl', 'cargo build files=Cargo.toml,Cargo.lock'],
    ['cargo install --locked sqlx-cli@0.7 --root /out', 'cargo install sqlx-cli|@0.7 directory directory=/out'],
    ['cargo install --path .', 'cargo build paths=. files=Cargo.toml,Cargo.lock global'],
    ['cargo fetch', 'cargo restore files=Cargo.toml,Cargo.lock'],
    ['cargo chef cook --release --recipe-path r.json', 'cargo restore files=r.json'],
    ['cargo run --release -- --port 80', 'cargo run files=Cargo.toml,Cargo.lock program=--port,80'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('Ruby and PHP', () => {
  const bundle = 'files=Gemfile,Gemfile.lock';
  const composer = 'files=composer.json,composer.lock';
  it.each([
    ['gem install bundler -v 2.4.1 --no-document', 'gem install bundler|2.4.1'],
    ['gem install bundler:2.4 rake', 'gem install bundler|:2.4 rake'],
    ['gem update --system', 'gem upgrade'],
    ['bundle install --jobs 4 --retry 3 --without development test', `bundler restore ${bundle} production`],
    ['bundle', `bundler restore ${bundle}`],
    ['BUNDLE_WITHOUT=development:test bundle install', `bundler restore ${bundle} production`],
    ["bundle config set --local without 'development test'", 'bundler configure'],
    ['bundle exec rails s -b 0.0.0.0', 'bundler run program=rails,s,-b,0.0.0.0'],
    [
      'composer install --no-dev --optimize-autoloader -d /app',
      `composer restore ${composer} directory directory=/app production`,
    ],
    ['composer require symfony/console:^6 monolog/monolog', 'composer install symfony/console|:^6 monolog/monolog'],
    ['php /usr/local/bin/composer install', `composer restore ${composer}`],
    ['composer dump-autoload -o', 'composer build'],
    ['composer run-script post-install', 'composer run program=post-install'],
    ['docker-php-ext-install -j$(nproc) gd pdo_mysql', 'docker-php install gd pdo_mysql'],
    ['docker-php-ext-install -j "$(nproc)" zip', 'docker-php install zip'],
    ['docker-php-ext-install $EXTENSIONS', 'docker-php install unknown=$EXTENSIONS'],
    ['docker-php-ext-configure gd --with-freetype --with-jpeg=/usr', 'docker-php configure gd'],
    ['docker-php-ext-enable --ini-name zz-event.ini event', 'docker-php configure event'],
    ['docker-php-source extract', 'docker-php other'],
    ['pecl install redis xdebug-3.4.0 mongodb-stable', 'pecl install redis xdebug|-3.4.0 mongodb|-stable'],
    ['pecl install -f ./local.tgz', 'pecl install paths=./local.tgz'],
    ['pecl clear-cache', 'pecl clean'],
    [
      'install-php-extensions gd xdebug-^3.4 @composer-2',
      'install-php-extensions install gd xdebug|-^3.4 @composer|-2',
    ],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('JVM and .NET', () => {
  it.each([
    ['mvn -B -q dependency:go-offline', 'maven restore paths=dependency:go-offline files=pom.xml'],
    ['./mvnw -ntp -DskipTests -Pprod clean package -pl web -am', 'maven build paths=clean,package files=pom.xml'],
    ['mvn -f web/pom.xml -s settings.xml package', 'maven build paths=package files=web/pom.xml'],
    ['mvn spring-boot:run', 'maven run paths=spring-boot:run files=pom.xml'],
    ['mvn clean', 'maven clean paths=clean files=pom.xml'],
    ['mvn --version', 'maven query'],
    ['./gradlew --no-daemon :web:bootJar -x test', `gradle build paths=:web:bootJar ${gradle}`],
    ['gradle dependencies --refresh-dependencies', `gradle restore paths=dependencies ${gradle}`],
    ['gradle clean build -Pversion=1', `gradle build paths=clean,build ${gradle}`],
    ['gradle -v', 'gradle query'],
    ['dotnet restore "App.csproj" -r linux-x64', 'dotnet restore files=App.csproj'],
    ['dotnet publish -c Release -o /out /p:UseAppHost=false', 'dotnet build output=/out'],
    ['dotnet build App.csproj -c $CONFIG --no-restore', 'dotnet build paths=App.csproj files=App.csproj'],
    ['dotnet tool install --global dotnet-ef --version 8.0.0', 'dotnet install dotnet-ef|8.0.0 user'],
    ['dotnet App.dll --urls x', 'dotnet run program=App.dll,--urls,x'],
    ['dotnet --info', 'dotnet query'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('conda', () => {
  it.each([
    [
      'conda install -y -c conda-forge numpy=1.26 "scipy>=1" conda-forge::gdal',
      'conda install numpy|=1.26 scipy|>=1 gdal',
    ],
    ['conda env create -n web -f environment.yml', 'conda restore files=environment.yml'],
    ['micromamba install -y -n base --file env.yaml', 'conda restore files=env.yaml'],
    ['mamba create -p /env python=3.12', 'conda install python|=3.12 directory directory=/env'],
    ['conda run -n web python app.py', 'conda run program=python,app.py'],
    ['conda clean -afy', 'conda clean'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

it('does not take a question for a build', () => {
  expect(summary('bundle --version')).toBe('bundler query');
  expect(summary('dotnet --version')).toBe('dotnet query');
  expect(summary('cargo --version')).toBe('cargo query');
});

describe('Dart and Swift', () => {
  it.each([
    ['dart pub get --enforce-lockfile', 'dart restore files=pubspec.yaml,pubspec.lock'],
    ['dart compile exe bin/server.dart -o bin/server', 'dart build paths=bin/server.dart output=bin/server'],
    ['dart pub global activate dart_frog_cli', 'dart install dart_frog_cli global'],
    ['dart run build_runner build', 'dart run program=build_runner,build'],
    ['dart bin/server.dart', 'dart run'],
    ['swift build -c release --product App', 'swift build files=Package.swift,Package.resolved'],
    ['swift package resolve', 'swift restore files=Package.swift,Package.resolved'],
    ['swift run App serve', 'swift run program=App,serve'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('Perl and Elixir', () => {
  it.each([
    ['cpanm --notest Plack Starman@0.4017', 'cpanm install Plack Starman|@0.4017'],
    ['cpanm --installdeps .', 'cpanm restore files=cpanfile,Makefile.PL'],
    ['cpanm -l /opt/perl5 Plack', 'cpanm install Plack directory directory=/opt/perl5'],
    ['mix deps.get --only prod', 'mix build files=mix.exs,mix.lock production'],
    ['mix local.hex --force', 'mix configure files=mix.exs,mix.lock'],
    ['mix do deps.get, compile', 'mix build files=mix.exs,mix.lock'],
    ['mix phx.server', 'mix run files=mix.exs,mix.lock'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});
