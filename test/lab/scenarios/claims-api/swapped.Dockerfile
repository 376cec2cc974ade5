FROM dhi.io/python:3.11-debian13

WORKDIR /app

# psycopg2 is compiled against libpq
RUN apt-get update && apt-get install -y gcc libpq-dev && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .

RUN mkdir -p /var/log/claims-api

EXPOSE 80

CMD gunicorn --bind 0.0.0.0:80 --workers 2 claims:app
