package timetable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.List;

/** The next trains of a small station. */
public final class Timetable {
  private static final List<LocalTime> DEPARTURES =
      List.of(LocalTime.of(6, 12), LocalTime.of(9, 42), LocalTime.of(13, 12), LocalTime.of(17, 42), LocalTime.of(21, 12));

  public static void main(String[] args) throws IOException {
    int port = 8080;
    for (String arg : args) {
      if (arg.startsWith("--port=")) port = Integer.parseInt(arg.substring("--port=".length()));
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/next", Timetable::next);
    server.createContext("/healthz", exchange -> answer(exchange, "ok"));
    server.start();
  }

  private static void next(HttpExchange exchange) throws IOException {
    LocalTime now = LocalTime.now();
    answer(exchange, DEPARTURES.stream().filter(now::isBefore).findFirst().orElse(DEPARTURES.get(0)).toString());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
