import { describe, expect, it } from 'vitest';
import { read, summary } from './calls.ts';

const files = 'files=go.mod,go.sum';

describe('go', () => {
  it.each([
    ['go mod download', `go restore ${files}`],
    ['go mod download -x', `go restore ${files}`],
    ['go mod init x', 'go configure'],
    ['CGO_ENABLED=0 go build -o /out/app ./cmd/server', `go build paths=./cmd/server ${files} output=/out/app`],
    ['go build -ldflags="-s -w -X main.v=$V" -o app', `go build ${files} output=app`],
    ['go build -a -installsuffix cgo -ldflags "-s -w" -tags netgo -o=app .', `go build paths=. ${files} output=app`],
    ['go build', `go build ${files}`],
    ['go install github.com/x/y@latest', 'go install github.com/x/y|@latest global'],
    ['go install ./...', `go build paths=./... ${files} global`],
    ['go get -d -v ./...', 'go install paths=./...'],
    ['go get github.com/x/y', 'go install github.com/x/y'],
    ['go run main.go -p 80', 'go run program=main.go,-p,80'],
    ['go test -race ./...', 'go other paths=./...'],
    ['go clean -modcache', 'go clean'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));

  it('keeps every option', () => {
    expect(
      read('go build -mod=vendor -tags "a b" -trimpath').options.map(({ name, value }) => [name, value?.value]),
    ).toEqual([
      ['-mod', 'vendor'],
      ['-tags', 'a b'],
      ['-trimpath', undefined],
    ]);
  });
});
