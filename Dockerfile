# The command in a container, without root. See docs/installing.md.
FROM python:3.13-slim AS build
COPY . /src
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /src

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir /wheels/*.whl "pandas>=2.2" \
    && rm -rf /wheels \
    && useradd --uid 1000 --create-home ostinato \
    && mkdir -p /cache /data \
    && chmod 1777 /cache /data
# librosa's compiled code and matplotlib's list of fonts are written beside the cache
ENV XDG_CACHE_HOME=/cache MPLCONFIGDIR=/cache/matplotlib NUMBA_CACHE_DIR=/cache/numba
USER ostinato
WORKDIR /data
ENTRYPOINT ["ostinato"]
CMD ["--help"]
