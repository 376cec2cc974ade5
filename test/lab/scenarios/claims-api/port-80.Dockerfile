FROM dhi.io/python:3.11-debian13-dev AS build

WORKDIR /app

# psycopg2 is compiled against libpq
RUN apt-get update && apt-get install -y gcc libpq-dev && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
RUN python3 -m venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH" VIRTUAL_ENV=/opt/venv
RUN pip install --no-cache-dir -r requirements.txt

RUN mkdir -p /libraries && find /opt/venv -name '*.so*' | xargs ldd | sed -nE 's#.* => (/[^ ]*) .*#\1#p' | sort -u | xargs cp -Lt /libraries
RUN mkdir -p /var/log/claims-api

FROM dhi.io/python:3.11-debian13

ENV PATH="/opt/venv/bin:$PATH"
COPY --from=build /libraries/ /usr/lib/
COPY --from=build --chown=nonroot:nonroot /var/log/claims-api /var/log/claims-api
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
EXPOSE 80
CMD ["gunicorn", "--bind", "0.0.0.0:80", "--workers", "2", "claims:app"]
