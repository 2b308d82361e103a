# syntax=docker/dockerfile:1.7
# One image with both services and the command. The layer with the dependencies is built again only when a manifest
# or Cargo.lock changes. docs/operations.md tells how it is run.

FROM node:22.20.0-bookworm-slim AS console
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
COPY web/console/package.json console/
COPY web/packages/client/package.json packages/client/
COPY web/e2e/package.json e2e/
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

# The manifests alone, with nothing to compile beside them: whatever else changes, this comes out the same, and the
# copy from it is taken from the cache.
FROM rust:1.95.0-bookworm AS manifests
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# The examples are members of the workspace: the lock file names what they use.
COPY crates crates
COPY examples examples
COPY deploy/docker/keep-manifests /usr/local/bin/
RUN keep-manifests

FROM rust:1.95.0-bookworm AS build
WORKDIR /src
ENV CARGO_TERM_COLOR=never
COPY --from=manifests /src ./
RUN cargo build --release --locked -p posthorn-api -p posthorn-deliverer -p posthorn-cli
COPY Cargo.toml Cargo.lock ./
COPY crates crates
COPY examples examples
COPY migrations migrations
COPY --from=console /src/web/console/dist web/console/dist
# Cargo decides by time, and the copies may be older than what was built of the empty crates.
RUN find crates -name '*.rs' -exec touch {} + \
    && cargo build --release --locked -p posthorn-api -p posthorn-deliverer -p posthorn-cli \
    && mkdir /out \
    && for program in posthorn-api posthorn-deliverer posthorn; do \
         objcopy --strip-debug "target/release/$program" "/out/$program"; \
       done

# glibc, libgcc and the roots of certificates, a user 65532, and nothing else: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Posthorn" \
      org.opencontainers.image.description="Webhook delivery: posthorn-api, posthorn-deliverer and the command posthorn" \
      org.opencontainers.image.source="https://github.com/posthorn/posthorn" \
      org.opencontainers.image.documentation="https://github.com/posthorn/posthorn/blob/main/docs/operations.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian12:nonroot" \
      io.posthorn.sbom="attestation of this image, SPDX: docker buildx imagetools inspect IMAGE --format '{{ json .SBOM }}'"
COPY --from=build /out/ /usr/local/bin/
COPY LICENSE /usr/share/doc/posthorn/LICENSE
USER 65532:65532
# A container's loopback is its own; who may come in is for its network to say.
ENV POSTHORN_LISTEN=0.0.0.0:8080 \
    POSTHORN_ADMIN_LISTEN=0.0.0.0:8081 \
    POSTHORN_LOG_FORMAT=json
EXPOSE 8080 8081
# Of the api; whoever runs the deliverer asks its port 8081 instead, as docker-compose.yml does.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["posthorn", "ready", "http://127.0.0.1:8080/healthz"]
STOPSIGNAL SIGTERM
CMD ["posthorn-api"]
