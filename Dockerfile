# The service as one image: `kes serve`, `kes work`, `kes migrate`. Built in three steps, run by an unprivileged user.

FROM node:22-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY handlers/frontend handlers/frontend
RUN npm run --silent build

FROM python:3.11-slim AS packages
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KES_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /data --create-home kes
WORKDIR /app
COPY --from=packages /venv /venv
COPY pyproject.toml README.md LICENSE THIRD_PARTY.md ./
COPY engine engine
COPY processes processes
COPY webhooks webhooks
COPY handlers handlers
COPY bpmn bpmn
COPY --from=frontend /app/handlers/static/dist handlers/static/dist
COPY --from=frontend /app/processes/papers/fonts processes/papers/fonts
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
USER kes
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["kes", "serve", "--host", "0.0.0.0", "--port", "8000"]
