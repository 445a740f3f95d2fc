package uk.directpayments.ledger.web;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.WebUtils;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.ApiFromWithin;
import uk.directpayments.ledger.platform.ApiFromWithin.Said;
import uk.directpayments.ledger.web.Form.Field;
import uk.directpayments.ledger.web.Form.Kind;

/**
 * Shows every {@link Form} and sends it. What the API refuses comes back with everything that was typed, the words beside the field that is
 * to blame. Each form carries the key that makes sending it twice harmless.
 */
@Controller
class FormPage {

    /** The hidden field with the idempotency key. */
    private static final String KEY = "key";

    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private final ApiFromWithin api;
    private final Ledger ledger;
    private final Map<String, Form> byPage =
            Forms.ALL.stream().collect(Collectors.toMap(Form::page, Function.identity()));

    FormPage(
            ApiFromWithin api,
            Ledger ledger,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes)
            throws NoSuchMethodException {
        this.api = api;
        this.ledger = ledger;
        var show = FormPage.class.getDeclaredMethod("show", HttpServletRequest.class, Map.class, Model.class);
        var send = FormPage.class.getDeclaredMethod(
                "send",
                HttpServletRequest.class,
                HttpServletResponse.class,
                Map.class,
                Model.class,
                RedirectAttributes.class);
        for (Form form : Forms.ALL) {
            for (var method : List.of(RequestMethod.GET, RequestMethod.POST)) {
                var route = RequestMappingInfo.paths(form.page())
                        .methods(method)
                        .options(routes.getBuilderConfiguration())
                        .build();
                routes.registerMapping(route, this, method == RequestMethod.GET ? show : send);
            }
        }
    }

    String show(HttpServletRequest request, @PathVariable Map<String, String> ids, Model model) {
        Form form = form(request);
        Map<String, Object> subject = subject(form, ids);
        Map<String, String> typed = new HashMap<>(ids);
        for (Field field : form.fields()) {
            proposed(field, subject, ids, model).ifPresent(value -> split(field, value, typed));
            String asked = request.getParameter(field.name());
            if (asked != null && field.kind() != Kind.HIDDEN) {
                typed.put(field.name(), asked);
            }
        }
        return page(form, ids, subject, typed, UUID.randomUUID().toString(), model);
    }

    String send(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable Map<String, String> ids,
            Model model,
            RedirectAttributes redirected) {
        Form form = form(request);
        Map<String, Object> subject = subject(form, ids);
        Map<String, String> typed = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> typed.put(name, values[0]));
        String key = typed.getOrDefault(KEY, "");
        if (isShownAgainAfterSignIn(request)) {
            model.addAttribute(
                    "summary",
                    List.of(new Wrong(
                            "submit",
                            "You had been signed out, so nothing was saved. Check what you typed and send it again.")));
            return page(form, ids, subject, typed, key, model);
        }
        String path = Ledger.path(form.api(), ids);
        Said said = form.fields().stream().anyMatch(field -> field.kind() == Kind.FILE)
                ? api.upload(path, texts(form, typed), key)
                : api.post(path, body(form, typed, request), key);
        if (said.refused()) {
            if (said.status() == 403
                    || said.status() == 404 && said.body().path("errors").isEmpty()) {
                said.orRefuse();
            }
            refused(form, typed, said.body(), model);
            response.setStatus(said.status());
            return page(form, ids, subject, typed, key, model);
        }
        Map<String, Object> known = new HashMap<>(ids);
        ledger.facts(said.body()).forEach((name, value) -> {
            if (value != null) {
                known.putIfAbsent(name, value);
            }
        });
        redirected.addFlashAttribute("done", form.title());
        return "redirect:" + Ledger.path(form.then(), known);
    }

    /** A field to blame, or the whole form. */
    record Wrong(String target, String words) {}

    private static void refused(Form form, Map<String, String> typed, JsonNode problem, Model model) {
        List<Wrong> summary = new ArrayList<>();
        Map<String, String> beside = new LinkedHashMap<>();
        for (JsonNode error : problem.path("errors")) {
            String name = error.path("field").asString("").replaceAll("[.\\[].*", "");
            Optional<Field> blamed = form.fields().stream()
                    .filter(field -> field.name().equals(name)
                            || (field.kind() == Kind.DOCUMENT && (name.equals("sha256") || name.equals("name"))))
                    .findFirst();
            String words = blamed.map(
                            field -> words(field, typed, error.path("detail").asString("")))
                    .orElseGet(() -> problem.path("detail").asString(""));
            summary.add(new Wrong(blamed.map(Field::id).orElse("submit"), words));
            blamed.ifPresent(field -> beside.put(field.name(), words));
        }
        if (summary.isEmpty()) {
            summary.add(new Wrong("submit", problem.path("detail").asString("")));
        }
        model.addAttribute("summary", summary);
        model.addAttribute("wrong", beside);
    }

    /** Whole sentences stand as they are; what begins small goes on from the field's label. */
    private static String words(Field field, Map<String, String> typed, String detail) {
        boolean sentence = !detail.isEmpty() && Character.isUpperCase(detail.charAt(0));
        if (sentence) {
            return detail;
        }
        String label = field.label().replaceAll("[?.]$", "");
        boolean nothing = field.kind() == Kind.DATE
                ? value(field, typed) == null
                : typed.getOrDefault(field.name(), "").isBlank();
        return nothing ? label + ": enter an answer" : label + ": " + detail;
    }

    private Form form(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Form form = byPage.get(String.valueOf(pattern));
        if (form == null) {
            throw new IllegalStateException("no form at " + pattern);
        }
        return form;
    }

    private Map<String, Object> subject(Form form, Map<String, String> ids) {
        return form.subject() == null ? Map.of() : ledger.read(Ledger.path(form.subject(), ids));
    }

    private static Optional<String> proposed(
            Field field, Map<String, Object> subject, Map<String, String> ids, Model model) {
        String from = field.from();
        if (from == null) {
            return Optional.empty();
        }
        Object value = from.equals("today") ? model.getAttribute("today") : subject.getOrDefault(from, ids.get(from));
        return Optional.ofNullable(value).map(Object::toString);
    }

    private static void split(Field field, String value, Map<String, String> typed) {
        if (field.kind() == Kind.DATE && value.length() == 10) {
            typed.put(field.name() + "-year", value.substring(0, 4));
            typed.put(field.name() + "-month", value.substring(5, 7).replaceFirst("^0", ""));
            typed.put(field.name() + "-day", value.substring(8).replaceFirst("^0", ""));
        } else {
            typed.put(field.name(), value);
        }
    }

    private static String page(
            Form form,
            Map<String, String> ids,
            Map<String, Object> subject,
            Map<String, String> typed,
            String key,
            Model model) {
        model.addAttribute("form", form);
        model.addAttribute("subject", subject);
        model.addAttribute("typed", typed);
        model.addAttribute("key", key);
        model.addAttribute("back", form.then().contains("{") ? back(form, ids) : form.then());
        if (!model.containsAttribute("wrong")) {
            model.addAttribute("wrong", Map.of());
        }
        if (!model.containsAttribute("summary")) {
            model.addAttribute("summary", List.of());
        }
        return "form";
    }

    /** Where one came from: the page that it leads to, if that is known before it is sent. */
    private static String back(Form form, Map<String, String> ids) {
        boolean known =
                VARIABLE.matcher(form.then()).results().allMatch(variable -> ids.containsKey(variable.group(1)));
        return known ? Ledger.path(form.then(), ids) : "/";
    }

    // ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────

    private Map<String, Object> body(Form form, Map<String, String> typed, HttpServletRequest request) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (Field field : form.fields()) {
            if (field.kind() == Kind.DOCUMENT) {
                document(field, request, body);
            } else if (field.kind() == Kind.YES) {
                if (typed.containsKey(field.name()) || !field.optional()) {
                    body.put(field.name(), typed.containsKey(field.name()));
                }
            } else {
                String value = value(field, typed);
                if (value != null) {
                    body.put(field.name(), converted(field, value));
                }
            }
        }
        return body;
    }

    /** Numbers and settings are JSON of their own; everything else is text. */
    private static Object converted(Field field, String value) {
        return switch (field.name()) {
            case "count" -> value.matches("[0-9]{1,15}") ? (Object) Long.valueOf(value) : value;
            case "settings" -> settings(value);
            default -> value;
        };
    }

    /** A setting a line: its name, an equals sign, and its value. */
    private static Map<String, Object> settings(String text) {
        Map<String, Object> settings = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split("=", 2);
            String value = parts.length == 2 ? parts[1].strip() : "";
            Object json = value.matches("-?[0-9]{1,15}")
                    ? Long.valueOf(value)
                    : value.matches("true|false") ? (Object) Boolean.valueOf(value) : value;
            settings.put(parts[0].strip(), json);
        });
        return settings;
    }

    private static Map<String, String> texts(Form form, Map<String, String> typed) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Field field : form.fields()) {
            String value = field.kind() == Kind.FILE ? null : value(field, typed);
            if (value != null) {
                texts.put(field.name(), value);
            }
        }
        return texts;
    }

    private static @Nullable String value(Field field, Map<String, String> typed) {
        if (field.kind() != Kind.DATE) {
            String value = typed.getOrDefault(field.name(), "").strip();
            return value.isEmpty() ? null : money(field, value);
        }
        String year = typed.getOrDefault(field.name() + "-year", "").strip();
        String month = typed.getOrDefault(field.name() + "-month", "").strip();
        String day = typed.getOrDefault(field.name() + "-day", "").strip();
        if (year.isEmpty() && month.isEmpty() && day.isEmpty()) {
            return null;
        }
        return year + "-" + twoDigits(month) + "-" + twoDigits(day);
    }

    /** People write £1,234; the API takes 1234. */
    private static String money(Field field, String value) {
        return field.kind() == Kind.MONEY ? value.replaceAll("[£,\\s]", "") : value;
    }

    private static String twoDigits(String number) {
        return number.length() == 1 ? "0" + number : number;
    }

    /** The fingerprint and the name of a document: it is read, and not kept. */
    private static void document(Field field, HttpServletRequest request, Map<String, Object> body) {
        MultipartRequest upload = WebUtils.getNativeRequest(request, MultipartRequest.class);
        MultipartFile file = upload == null ? null : upload.getFile(field.name());
        if (file == null || file.isEmpty()) {
            return;
        }
        MessageDigest sha = Hashes.sha256();
        try (InputStream content = new DigestInputStream(file.getInputStream(), sha)) {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        body.put("sha256", HexFormat.of().formatHex(sha.digest()));
        String name = file.getOriginalFilename();
        body.put("name", name == null ? "" : name.replaceAll(".*[/\\\\]", ""));
    }

    /**
     * Whether this is a form that was sent when nobody was signed in any more: it was kept, and comes again by itself after the sign-in.
     * Whoever that was may be somebody else, so it is shown and not done.
     */
    private static boolean isShownAgainAfterSignIn(HttpServletRequest request) {
        ServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        return innermost instanceof HttpServletRequest sent && sent.getMethod().equals("GET");
    }
}
