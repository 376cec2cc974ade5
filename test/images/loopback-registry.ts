import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type Layer, tarOf } from './saved-image.ts';
import { config, sound } from './sound-image.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine until the test ends; returns its `host:port`. */
export async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What a registry holds: contents by the path behind `/v2/team/app/`. */
export class Contents {
  readonly at = new Map<string, Buffer>();

  blob(bytes: Buffer, mediaType: string): Descriptor {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.at.set(`${/manifest|index/.test(mediaType) ? 'manifests' : 'blobs'}/${digest}`, bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest, size: bytes.length };
  }

  document(value: unknown, mediaType: string): Descriptor {
    return this.blob(Buffer.from(JSON.stringify(value)), mediaType);
  }

  tag(name: string, { digest }: Descriptor): void {
    this.at.set(`manifests/${name}`, this.at.get(`manifests/${digest}`)!);
  }

  /** A manifest of an image with one layer; `change` makes the layer's descriptor wrong. */
  async image(
    architecture = 'amd64',
    layer: Layer = sound,
    change: (descriptor: Descriptor) => object = (same) => same,
  ): Promise<Descriptor> {
    const described = this.blob(gzipSync(await tarOf(layer)), 'layer.v1.tar+gzip');
    const document = { architecture, os: 'linux', config, rootfs: { type: 'layers', diff_ids: [] } };
    return this.document(
      { schemaVersion: 2, config: this.document(document, 'config.v1+json'), layers: [change(described)] },
      'manifest.v1+json',
    );
  }

  readonly answer: Answer = (request, response) => {
    const bytes = this.at.get(request.url?.replace('/v2/team/app/', '') ?? '');
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };
}
