FROM dhi.io/nginx:1.30-debian13

COPY site.conf /etc/nginx/conf.d/default.conf
COPY site /usr/share/nginx/html

EXPOSE 80
