# The production image of every part: web, worker, beat and the migrations differ by command only.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r /tmp/requirements.lock

FROM python:${PYTHON}-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=klout.settings \
    VAR_DIR=/var/lib/klout
RUN groupadd --gid 10001 klout \
 && useradd --uid 10001 --gid klout --no-create-home --home-dir /var/lib/klout klout \
 && install --directory --owner klout --group klout --mode 0750 /var/lib/klout
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/klout
COPY manage.py ./
COPY klout klout
COPY people people
COPY connectors connectors
COPY scoring scoring
COPY perks perks
COPY dashboard dashboard
COPY templates templates
COPY static static
COPY locale locale
# The static files are collected with names that hold their hash. They go beside the code, because
# /var/lib/klout is a volume; the secrets here exist for this one command and stay out of the image.
ENV STATIC_DIR=/srv/static
RUN python -m compileall -q . \
 && SECRET_KEY=build OPT_OUT_KEY=build \
    TOKEN_KEYS=MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA= \
    python manage.py collectstatic --noinput
USER klout
VOLUME /var/lib/klout
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-m", "klout.services.http", "http://127.0.0.1:8000/healthz"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--no-ws", "--workers", "2", "--blocking-threads", "8", "--log-level", "warning", \
     "klout.wsgi:application"]
