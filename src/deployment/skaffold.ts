import { folderOf, joinPath } from './builds.ts';
import type { DeploymentFormat } from './deployment.ts';
import { findList, findMap, findScalar, mapsOf, readYaml, textOf } from './yaml-text.ts';

/** Skaffold: which Dockerfile the image of a manifest is built from. Nothing in it has to change. */
export const format: DeploymentFormat = {
  name: 'skaffold',
  mayBe: (path) => /(^|\/)skaffold[\w.-]*\.ya?ml$/.test(path),
  tell: (file, builds) => {
    const yaml = readYaml(file.text);
    if ('problem' in yaml) return;
    for (const root of yaml.documents) {
      const section = findMap(root, 'build', root)?.value;
      const artifacts = section && findList(section, 'artifacts', root)?.value;
      for (const artifact of artifacts === undefined ? [] : mapsOf(artifacts, root)) {
        const docker = findMap(artifact, 'docker', root)?.value;
        const word = (map: typeof docker, key: string) => textOf(map && findScalar(map, key, root)?.value);
        const context = joinPath(folderOf(file.path), word(artifact, 'context') ?? '.');
        const build = builds.at(context, word(docker, 'dockerfile'), word(docker, 'target'));
        const image = word(artifact, 'image');
        if (build !== undefined && image !== undefined) builds.nameImage(image, build);
      }
    }
  },
  examine: () => undefined,
};
