import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Tells the offset of a time zone on a fixed day: GET /offset?Europe/Berlin. */
public class Clock {
    public static void main(String[] args) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/offset", exchange -> {
            var zone = ZoneId.of(exchange.getRequestURI().getQuery());
            var offset = ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, zone).getOffset().toString();
            var body = (offset + "\n").getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println("clock listens on 8080");
    }
}
