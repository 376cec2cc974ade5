import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** Java and other languages of the JVM. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'java',
  title: 'Java',
  images: ['eclipse-temurin', 'amazoncorretto', 'azul', 'sapmachine', 'maven', 'gradle', 'tomcat', 'clojure'],
  programs: /^(java|mvn|gradle|sbt|catalina\.sh|lein|clojure|clj)$/,
});
