package uk.directpayments.ledger.support;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes traces as a collector does: OTLP over HTTP, in the binary form of its {@code trace.proto}. */
public final class OtlpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> sender = Map.of();
    private final List<String> received = new CopyOnWriteArrayList<>();

    /** @param parentId empty for the first of a trace */
    public record Span(
            String traceId,
            String spanId,
            String parentId,
            String name,
            int kind,
            Map<String, Object> attributes,
            int events,
            boolean error,
            String words) {

        public String text(String attribute) {
            return String.valueOf(attributes.get(attribute));
        }
    }

    public OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.add(new String(body, StandardCharsets.ISO_8859_1));
            for (ByteString resource : fields(body).messages(1)) {
                fields(resource.toByteArray())
                        .messages(1)
                        .forEach(one ->
                                sender = attributes(fields(one.toByteArray()).messages(1)));
                for (ByteString scope : fields(resource.toByteArray()).messages(2)) {
                    fields(scope.toByteArray()).messages(2).forEach(span -> spans.add(span(span.toByteArray())));
                }
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    public List<Span> spans() {
        return List.copyOf(spans);
    }

    /** What the last sender says of itself. */
    public Map<String, Object> sender() {
        return sender;
    }

    /** Everything that was sent, a byte a character. */
    public String received() {
        return String.join("", received);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Span span(byte[] message) {
        Fields span = fields(message);
        Fields status = span.messages(15).isEmpty()
                ? new Fields()
                : fields(span.messages(15).get(0).toByteArray());
        return new Span(
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(5),
                (int) span.number(6),
                attributes(span.messages(9)),
                span.messages(11).size(),
                status.number(3) == 2,
                status.text(2));
    }

    private static Map<String, Object> attributes(List<ByteString> pairs) {
        Map<String, Object> attributes = new TreeMap<>();
        for (ByteString pair : pairs) {
            Fields keyValue = fields(pair.toByteArray());
            attributes.put(
                    keyValue.text(1), value(fields(keyValue.messages(2).get(0).toByteArray())));
        }
        return attributes;
    }

    /** A text, a number, or a list of such. */
    private static Object value(Fields any) {
        if (!any.messages(1).isEmpty()) {
            return any.text(1);
        }
        if (!any.messages(5).isEmpty()) {
            List<Object> list = new ArrayList<>();
            for (ByteString one : fields(any.messages(5).get(0).toByteArray()).messages(1)) {
                list.add(value(fields(one.toByteArray())));
            }
            return list;
        }
        return any.number(3);
    }

    private static final class Fields {
        private final Map<Integer, List<ByteString>> messages = new TreeMap<>();
        private final Map<Integer, Long> numbers = new TreeMap<>();

        List<ByteString> messages(int field) {
            return messages.getOrDefault(field, List.of());
        }

        String text(int field) {
            return messages(field).isEmpty() ? "" : messages(field).get(0).toStringUtf8();
        }

        String hex(int field) {
            return messages(field).isEmpty()
                    ? ""
                    : HexFormat.of().formatHex(messages(field).get(0).toByteArray());
        }

        long number(int field) {
            return numbers.getOrDefault(field, 0L);
        }
    }

    private static Fields fields(byte[] message) {
        Fields fields = new Fields();
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    fields.messages
                            .computeIfAbsent(field, none -> new ArrayList<>())
                            .add(in.readBytes());
                } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                    fields.numbers.put(field, in.readInt64());
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }
}
