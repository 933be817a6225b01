# Serves an index over HTTP, as somebody who is not root, from a root that may be read-only:
#   docker build --tag image-similarity . && docker run --rm --publish 127.0.0.1:8000:8000 image-similarity
# shows the sample catalogue. docs/service.md has one's own pictures.

FROM debian:bookworm-slim AS base
# Debian keeps the last version of a package alone, with its security fixes; one that is named here would soon be gone.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/*

# What only building needs stays behind here.
FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
COPY requirements-container.txt /build/
# Just these: what is needed and not named there ends the build.
RUN /opt/venv/bin/pip install --no-cache-dir --use-pep517 --no-deps --requirement /build/requirements-container.txt \
 && /opt/venv/bin/pip check
COPY pyproject.toml requirements*.txt README.md LICENSE /build/
COPY src /build/src
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps /build \
 && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM base
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
COPY data /sample/data
RUN image-similarity index --dataset /sample/data --index /sample/index.csv \
 && image-similarity duplicates --index /sample/index.csv --json > /sample/duplicates.json
# A volume takes its owner from here.
RUN mkdir /pictures /index && chown 10001:10001 /index
VOLUME ["/pictures", "/index"]
USER 10001:10001
WORKDIR /index
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["image-similarity"]
CMD ["serve", "--index", "/sample/index.csv", "--duplicates", "/sample/duplicates.json", "--host", "0.0.0.0"]
