// All images of the project: `docker buildx bake`
variable "REGISTRY" { default = "registry.example.com/media" }
variable "TAG"      { default = "dev" }

group "default" {
  targets = ["api", "api-test", "thumbs", "web"]
}

target "_labels" {
  labels = { "org.opencontainers.image.vendor" = "Example" }
}

target "api" {
  inherits = ["_labels"]
  context  = "api"
  args     = { PYTHON_VERSION = "3.12" }
  tags     = ["${REGISTRY}/catalogue:${TAG}"]
}

# the tests run in a stage of their own
target "api-test" {
  inherits = ["api"]
  target   = "test"
  output   = ["type=cacheonly"]
}

target "thumbs" {
  inherits   = ["_labels"]
  dockerfile = "thumbs/Dockerfile"
  args       = { BASE = "golang:1.25" }
  tags       = ["${REGISTRY}/thumbs:${TAG}"]
}

target "web" {
  context = "web"
  tags    = ["${REGISTRY}/web:${TAG}"]
}
