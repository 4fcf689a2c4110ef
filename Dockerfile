# docker build -t aplomb .
# docker run --rm -p 127.0.0.1:8080:8080 -v aplomb:/data aplomb
# Open until it has a key: publish the port on loopback, or make one first:
# docker run --rm -v aplomb:/data aplomb aplomb keys create me --scope admin

FROM python:3.12-slim AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /app/.venv
COPY requirements.lock .
RUN /app/.venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY prompts prompts
COPY knowledge knowledge
RUN /app/.venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data aplomb && install -d -o aplomb /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY prompts prompts
COPY knowledge knowledge
ENV PATH=/app/.venv/bin:$PATH APLOMB_DATA_DIR=/data APLOMB_LOG_FORMAT=json \
    APLOMB_HOST=0.0.0.0 APLOMB_ALLOW_OPEN_NETWORK=true
USER aplomb
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
CMD ["aplomb", "serve"]
