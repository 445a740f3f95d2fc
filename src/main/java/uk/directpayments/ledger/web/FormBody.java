package uk.directpayments.ledger.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.util.WebUtils;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.web.Form.Field;
import uk.directpayments.ledger.web.Form.Kind;

/** What was typed into a form, as the API takes it; and which of its inputs each part of it came from. */
final class FormBody {

    private static final JsonMapper JSON = new JsonMapper();

    private final Form form;
    private final Map<String, String> typed;
    private final Map<String, Object> body = new LinkedHashMap<>();

    /** The name of the input, by the place in the body. */
    private final Map<String, String> inputs = new LinkedHashMap<>();

    private FormBody(Form form, Map<String, String> typed) {
        this.form = form;
        this.typed = typed;
    }

    static FormBody of(Form form, Map<String, String> typed, HttpServletRequest request) {
        FormBody sent = new FormBody(form, typed);
        for (Field field : form.fields()) {
            if (form.isInPath(field)) {
                continue;
            }
            if (field.kind() == Kind.ROWS) {
                sent.rows(field);
            } else if (field.kind() == Kind.DOCUMENT) {
                sent.document(field, request);
            } else {
                sent.put(sent.body, field.name(), field.name(), field, field.name());
            }
        }
        return sent;
    }

    Map<String, Object> json() {
        return body;
    }

    /** The input that a place of the body came from, or what holds it: {@code lines[0].annualAmount}, {@code sha256}. */
    String input(String place) {
        String at = place;
        while (!at.isEmpty()) {
            String input = inputs.get(at);
            if (input != null) {
                return input;
            }
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return place;
    }

    // ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * @param path  below {@code into}, of names with dots between them
     * @param input its name in the form
     * @param place in the whole body
     */
    private void put(Map<String, Object> into, String path, String input, Field field, String place) {
        inputs.put(place, input);
        Object value = value(field, input);
        if (value == null) {
            return;
        }
        int dot = path.indexOf('.');
        if (dot < 0) {
            into.put(path, value);
        } else {
            inputs.putIfAbsent(place.substring(0, place.length() - path.length() + dot), input);
            @SuppressWarnings("unchecked")
            Map<String, Object> inner = (Map<String, Object>)
                    into.computeIfAbsent(path.substring(0, dot), none -> new LinkedHashMap<String, Object>());
            inner.put(path.substring(dot + 1), value);
        }
    }

    private @Nullable Object value(Field field, String input) {
        if (field.kind() == Kind.YES) {
            return typed.containsKey(input) ? Boolean.TRUE : field.optional() ? null : Boolean.FALSE;
        }
        String text = text(field, input, typed);
        if (text == null) {
            return null;
        }
        return switch (field.kind()) {
            case NUMBER, HIDDEN_NUMBER -> text.matches("-?[0-9]{1,15}") ? (Object) Long.valueOf(text) : text;
            case SETTINGS -> settings(field, text);
            case LISTED ->
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
            case AMOUNTS ->
                text.lines()
                        .map(TypedMoney::plain)
                        .filter(line -> !line.isEmpty())
                        .toList();
            case CHOSEN -> Arrays.asList(text.split(","));
            default -> text;
        };
    }

    /** Rows of which nothing was typed are none. */
    private void rows(Field field) {
        List<Map<String, Object>> rows = new ArrayList<>();
        inputs.put(field.name(), field.input(0, field.rows().get(0)));
        for (int row = 0; row < field.count(typed); row++) {
            int at = row;
            if (field.rows().stream().allMatch(one -> text(one, field.input(at, one), typed) == null)) {
                continue;
            }
            Map<String, Object> into = new LinkedHashMap<>();
            String place = field.name() + "[" + rows.size() + "]";
            inputs.put(place, field.input(at, field.rows().get(0)));
            for (Field one : field.rows()) {
                put(into, one.name(), field.input(at, one), one, place + "." + one.name());
            }
            rows.add(into);
        }
        body.put(field.name(), rows);
    }

    /** The fingerprint and the name of a document: it is read, and not kept. */
    private void document(Field field, HttpServletRequest request) {
        boolean listed = field.name().equals("documents");
        for (String place : listed ? List.of("documents") : List.of("sha256", "name")) {
            inputs.put(place, field.name());
        }
        MultipartFile file = file(field, request);
        if (file == null || file.isEmpty()) {
            return;
        }
        MessageDigest sha = Hashes.sha256();
        try (InputStream content = new DigestInputStream(file.getInputStream(), sha)) {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = file.getOriginalFilename();
        Map<String, Object> document = Map.of(
                "sha256",
                HexFormat.of().formatHex(sha.digest()),
                "name",
                name == null ? "" : name.replaceAll(".*[/\\\\]", ""));
        if (listed) {
            body.put("documents", List.of(document));
        } else {
            body.putAll(document);
        }
    }

    private static @Nullable MultipartFile file(Field field, HttpServletRequest request) {
        MultipartRequest upload = WebUtils.getNativeRequest(request, MultipartRequest.class);
        return upload == null ? null : upload.getFile(field.name());
    }

    /** A browser sends a field of which no file was chosen as an empty file without a name. */
    static boolean isChosen(Field field, HttpServletRequest request) {
        MultipartFile file = file(field, request);
        String name = file == null ? null : file.getOriginalFilename();
        return name != null && !name.isBlank();
    }

    /** A setting a line: its name, an equals sign, and its value, null to take it away. What has dots in its name is an object of the API, at most three deep. */
    private static Map<String, Object> settings(Field field, String text) {
        Map<String, Object> settings = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split("=", 2);
            String name = parts[0].strip();
            String value = parts.length == 2 ? parts[1].strip() : "";
            boolean isText = field.options().stream().anyMatch(group -> name.startsWith(group + "."));
            @Nullable
            Object json = value.equals("null")
                    ? null
                    : !isText && value.matches("-?[0-9]{1,15}")
                            ? Long.valueOf(value)
                            : !isText && value.matches("true|false") ? (Object) Boolean.valueOf(value) : value;
            nest(settings, Arrays.asList(name.split("\\.", 3)), json);
        });
        return settings;
    }

    @SuppressWarnings("unchecked")
    private static void nest(Map<String, Object> into, List<String> path, @Nullable Object value) {
        if (path.size() > 1
                && into.computeIfAbsent(path.get(0), none -> new LinkedHashMap<String, Object>())
                        instanceof Map<?, ?> inner) {
            nest((Map<String, Object>) inner, path.subList(1, path.size()), value);
        } else {
            into.put(String.join(".", path), value);
        }
    }

    // ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** What is sent beside a file: settings as JSON. */
    static Map<String, String> texts(Form form, Map<String, String> typed) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Field field : form.fields()) {
            String value = field.kind() == Kind.FILE ? null : text(field, field.name(), typed);
            if (value != null) {
                texts.put(
                        field.name(),
                        field.kind() == Kind.SETTINGS ? JSON.writeValueAsString(settings(field, value)) : value);
            }
        }
        return texts;
    }

    /** What was typed into one input, or null for nothing. */
    static @Nullable String text(Field field, String input, Map<String, String> typed) {
        if (field.kind() != Kind.DATE) {
            String value = typed.getOrDefault(input, "").strip();
            return value.isEmpty() ? null : field.kind() == Kind.MONEY ? TypedMoney.plain(value) : value;
        }
        String year = typed.getOrDefault(input + "-year", "").strip();
        String month = typed.getOrDefault(input + "-month", "").strip();
        String day = typed.getOrDefault(input + "-day", "").strip();
        if (year.isEmpty() && month.isEmpty() && day.isEmpty()) {
            return null;
        }
        return year + "-" + twoDigits(month) + "-" + twoDigits(day);
    }

    private static String twoDigits(String number) {
        return number.length() == 1 ? "0" + number : number;
    }
}
