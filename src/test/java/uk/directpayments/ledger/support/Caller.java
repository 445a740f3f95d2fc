package uk.directpayments.ledger.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user of the running service, over a real connection. */
public final class Caller {

    private static final String BOUNDARY = "b0undary";

    /** The type of what {@link #form} makes. */
    public static final String FORM = "multipart/form-data; boundary=" + BOUNDARY;

    static {
        // A connection that the server is about to give up for idleness (20 s) must not be used again.
        System.setProperty("jdk.httpclient.keepalive.timeout", "10");
    }

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final JsonMapper JSON = new JsonMapper();

    private final int port;
    private final String authorization;

    private Caller(int port, String authorization) {
        this.port = port;
        this.authorization = authorization;
    }

    /** @param user a local user, or an empty text for nobody */
    public static Caller as(String user, int port) {
        String credentials = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
        return new Caller(port, user.isEmpty() ? "" : "Basic " + credentials);
    }

    /** @param token by which an issuer vouches for the user */
    public static Caller bearing(String token, int port) {
        return new Caller(port, "Bearer " + token);
    }

    /** An answer, its body parsed if it is JSON. */
    public record Answer(int status, HttpResponse<String> response) {

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String code() {
            return json().path("code").asString();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** This answer, which must be a 2xx. */
        public Answer ok() {
            assertThat(status / 100).as(asked()).isEqualTo(2);
            return this;
        }

        /** This answer, which must be that refusal. */
        public Answer refused(int status, String code) {
            assertThat(this.status).as(asked()).isEqualTo(status);
            assertThat(code()).as(asked()).isEqualTo(code);
            return this;
        }

        private String asked() {
            return response.request().method() + " " + response.uri() + " " + this;
        }

        @Override
        public String toString() {
            return status + " " + response.headers().map() + " " + response.body();
        }
    }

    /** @param headers names and values in turn */
    public Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    /** What is downloaded, byte for byte; anything but a 200 is an error. */
    public byte[] bytes(String path) {
        HttpResponse<byte[]> response = exchange("GET", path, BodyPublishers.noBody(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new AssertionError(
                    path + " " + response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    public Answer post(String path, String json, String... headers) {
        return post(path, json.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Posts JSON as {@link #json} makes it. */
    public Answer tell(String path, String quoted, Object... values) {
        return post(path, json(quoted, values));
    }

    /** JSON that is written with {@code '} for {@code "}. @param values for the places that the text leaves for them */
    public static String json(String quoted, Object... values) {
        return (values.length == 0 ? quoted : quoted.formatted(values)).replace('\'', '"');
    }

    /** Sends JSON, unless the headers say of what type it is. */
    public Answer post(String path, byte[] body, String... headers) {
        return send("POST", path, BodyPublishers.ofByteArray(body), withDefault("application/json", headers));
    }

    /** Sends a text file as a form. @param fields names and values in turn */
    public Answer upload(String path, String file, String... fields) {
        return upload(path, file.getBytes(StandardCharsets.UTF_8), fields);
    }

    /** Sends a file as a form. @param fields names and values in turn */
    public Answer upload(String path, byte[] file, String... fields) {
        return post(path, form(file, fields), "Content-Type", FORM);
    }

    /** A form of a file and fields. @param fields names and values in turn */
    public static byte[] form(byte[] file, String... fields) {
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            head.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n")
                    .append(fields[i + 1])
                    .append("\r\n");
        }
        head.append("--" + BOUNDARY)
                .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"statement\"\r\n\r\n");
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        form.writeBytes(file);
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    public Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpResponse<String> response = exchange(method, path, body, BodyHandlers.ofString(), headers);
        return new Answer(response.statusCode(), response);
    }

    private <T> HttpResponse<T> exchange(
            String method, String path, BodyPublisher body, HttpResponse.BodyHandler<T> answer, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String[] withDefault(String contentType, String[] headers) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase("Content-Type")) {
                return headers;
            }
        }
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = contentType;
        return all;
    }
}
