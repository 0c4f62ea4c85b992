# One image, one process. Every step is a script that `make` uses too, so that it works where no container engine is.
FROM python:3.11-slim-bookworm

WORKDIR /centralita
COPY scripts/system-packages scripts/
RUN CI=true scripts/system-packages chromium && rm -rf /var/lib/apt/lists/*

COPY scripts/setup scripts/
COPY pyproject.toml README.md requirements.lock ./
COPY app/__init__.py app/
COPY drivers/__init__.py drivers/
RUN scripts/setup && rm -rf /root/.cache

COPY . .
RUN useradd --system --create-home --groups dialout centralita \
    && install -d -o centralita -g centralita /data \
    && .venv/bin/python -m compileall -q app drivers

USER centralita
ENV CENTRALITA_DATA=/data CENTRALITA_HOST=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["scripts/healthy"]
CMD [".venv/bin/centralita", "run"]
