# What people say of apples and pears.
require "socket"

server = TCPServer.new("0.0.0.0", 4567)
loop do
  client = server.accept
  client.gets
  body = "apples: good\npears: better\n"
  client.write "HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
  client.close
end
