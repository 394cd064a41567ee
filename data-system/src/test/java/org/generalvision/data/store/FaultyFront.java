package org.generalvision.data.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a server, passes requests on, and answers some of them as a network or a store in trouble does. */
final class FaultyFront implements AutoCloseable {
    private static final Set<String> OWN =
            Set.of("connection", "content-length", "host", "date", "transfer-encoding", "expect", "upgrade");

    private final URI upstream;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** What happens to one request for an object's bytes. */
    sealed interface Fault {
        /** The server's answer, as it is. */
        record None() implements Fault {}

        /** An error. */
        record Status(int status, String code) implements Fault {}

        /** The body ends after so many bytes, and with it the connection. */
        record Cut(int bytes) implements Fault {}

        /** The body stops after so many bytes, and nothing follows. */
        record Hang(int bytes) implements Fault {}

        /** The body comes so slowly that it never ends: a byte now and then. */
        record Crawl() implements Fault {}

        /** A bit is another. */
        record Flip(int at) implements Fault {}

        /** The body is whole, and the headers say so, but it is shorter than the object. */
        record Shorten(int bytes) implements Fault {}

        /** Something happens to the object, then the body ends after so many bytes. */
        record Meanwhile(int bytes, Runnable change) implements Fault {}
    }

    FaultyFront(URI upstream) throws IOException {
        this.upstream = upstream;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What happens to the next requests, one after the other; what follows is passed on. */
    synchronized void plan(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Requests so far: method, path and range. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private synchronized Fault next() {
        Fault fault = faults.poll();
        return fault == null ? new Fault.None() : fault;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add("%s %s %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), range));
            answer(exchange, next());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.Status status) {
            byte[] body = "<Error><Code>%s</Code><Message>made up</Message></Error>"
                    .formatted(status.code())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(status.status(), body.length);
            exchange.getResponseBody().write(body);
            return;
        }
        HttpResponse<byte[]> response = forward(exchange);
        response.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":") && !OWN.contains(name)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        byte[] body = response.body();
        int length = fault instanceof Fault.Shorten shorten ? Math.min(shorten.bytes(), body.length) : body.length;
        if (fault instanceof Fault.Flip flip) {
            body[flip.at()] ^= 1;
        }
        if (exchange.getRequestMethod().equals("HEAD") || length == 0) {
            response.headers()
                    .firstValue("content-length")
                    .ifPresent(value -> exchange.getResponseHeaders().set("Content-Length", value));
            exchange.sendResponseHeaders(response.statusCode(), -1);
            return;
        }
        exchange.sendResponseHeaders(response.statusCode(), length);
        send(exchange.getResponseBody(), body, length, fault);
    }

    private void send(OutputStream out, byte[] body, int length, Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.Cut cut) {
            write(out, body, cut.bytes());
        } else if (fault instanceof Fault.Meanwhile meanwhile) {
            meanwhile.change().run();
            write(out, body, meanwhile.bytes());
        } else if (fault instanceof Fault.Hang hang) {
            write(out, body, hang.bytes());
            closed.await();
        } else if (fault instanceof Fault.Crawl) {
            for (int i = 0; i < length && !closed.await(20, java.util.concurrent.TimeUnit.MILLISECONDS); i++) {
                write(out, new byte[] {body[i]}, 1);
            }
        } else {
            write(out, body, length);
        }
    }

    private static void write(OutputStream out, byte[] body, int length) throws IOException {
        out.write(body, 0, length);
        out.flush();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(upstream.resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
