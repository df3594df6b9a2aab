# docker build -t flasky . && docker run -p 5000:5000 --env-file .env -v flasky:/var/lib/flasky flasky
# One container then is the whole site, on SQLite; docker-compose.yml has one with PostgreSQL.

# The packages are installed in a stage of their own, so that pip and its leftovers stay behind.
FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements /tmp/requirements
RUN /opt/venv/bin/pip install --requirement /tmp/requirements/docker.txt

FROM python:3.11-slim
RUN useradd --uid 5000 --create-home --shell /usr/sbin/nologin flasky \
    && install --directory --owner flasky --group flasky --mode 700 /var/lib/flasky
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FLASK_APP=flasky.py \
    FLASK_CONFIG=docker \
    HOST=0.0.0.0 \
    PORT=5000 \
    DATABASE_URL=sqlite:////var/lib/flasky/data.sqlite \
    FLASKY_QUEUE_FILE=/var/lib/flasky/queue.sqlite \
    FLASKY_UPLOADS=/var/lib/flasky/uploads

# The code belongs to root: the site cannot change itself, only what lies in its volume.
WORKDIR /home/flasky/site
COPY app app
COPY migrations migrations
COPY deploy deploy
COPY boot.sh config.py flasky.py ./
USER flasky
VOLUME /var/lib/flasky
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
# Arguments go to `flask`: docker run … flasky users role ann@example.org Administrator
ENTRYPOINT ["./boot.sh"]
