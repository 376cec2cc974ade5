import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How much of each fruit there is. */
public final class Stock {
  private static final Map<String, Integer> STOCK = Map.of("/apple", 12, "/pear", 3);

  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", exchange -> {
      int left = STOCK.getOrDefault(exchange.getRequestURI().getPath(), 0);
      byte[] body = (left + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
