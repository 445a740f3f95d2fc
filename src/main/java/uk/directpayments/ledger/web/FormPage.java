package uk.directpayments.ledger.web;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
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

    /** What the button says that adds a row: the name of the field. */
    private static final String MORE = "more";

    /** What the button says that turns to other rows beside the fields: their page, from 1. */
    static final String TURN = "turn";

    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private final ApiFromWithin api;
    private final Ledger ledger;
    private final Offers offers;
    private final Map<String, Form> byPage =
            Forms.ALL.stream().collect(Collectors.toMap(Form::page, Function.identity()));
    private final Map<String, Form> byCheck = Forms.ALL.stream()
            .filter(form -> form.check() != null)
            .collect(Collectors.toMap(form -> String.valueOf(form.check()), Function.identity()));
    private final Map<String, Beside> beside;

    /** What a form that has a template of its own shows beside its fields. */
    interface Beside {

        /** Of which forms: {@link Form#template}. */
        String template();

        /** @param subject of the form */
        void show(Map<String, Object> subject, Map<String, String> typed, Model model);
    }

    FormPage(
            ApiFromWithin api,
            Ledger ledger,
            Offers offers,
            List<Beside> beside,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes)
            throws NoSuchMethodException {
        this.api = api;
        this.ledger = ledger;
        this.offers = offers;
        this.beside = beside.stream().collect(Collectors.toMap(Beside::template, Function.identity()));
        var show = FormPage.class.getDeclaredMethod("show", HttpServletRequest.class, Map.class, Model.class);
        var send = FormPage.class.getDeclaredMethod(
                "send",
                HttpServletRequest.class,
                HttpServletResponse.class,
                Map.class,
                Model.class,
                RedirectAttributes.class);
        var check = FormPage.class.getDeclaredMethod(
                "check", HttpServletRequest.class, HttpServletResponse.class, Map.class, Model.class);
        for (Form form : Forms.ALL) {
            routes.registerMapping(route(form.page(), RequestMethod.GET, routes), this, show);
            routes.registerMapping(route(form.page(), RequestMethod.POST, routes), this, send);
        }
        for (String path : byCheck.keySet()) {
            routes.registerMapping(route(path, RequestMethod.POST, routes), this, check);
        }
    }

    private static RequestMappingInfo route(String path, RequestMethod method, RequestMappingHandlerMapping routes) {
        return RequestMappingInfo.paths(path)
                .methods(method)
                .options(routes.getBuilderConfiguration())
                .build();
    }

    String show(HttpServletRequest request, @PathVariable Map<String, String> ids, Model model) {
        Form form = form(request);
        Map<String, Object> subject = subject(form, ids, request);
        Map<String, String> typed = new HashMap<>(ids);
        for (Field field : form.fields()) {
            proposed(field, subject, ids, model).ifPresent(value -> split(field, value, typed));
            if (field.kind() == Kind.ROWS) {
                field.rows().forEach(one -> asked(request, one.name(), field.input(0, one), typed));
            } else if (field.kind() != Kind.HIDDEN && field.kind() != Kind.HIDDEN_NUMBER) {
                asked(request, field.name(), field.name(), typed);
            }
        }
        return page(form, ids, subject, typed, UUID.randomUUID().toString(), model);
    }

    /** What the link to a form has filled in already. */
    private static void asked(HttpServletRequest request, String name, String input, Map<String, String> typed) {
        String asked = request.getParameter(name);
        if (asked != null) {
            typed.put(input, asked);
        }
    }

    String send(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable Map<String, String> ids,
            Model model,
            RedirectAttributes redirected) {
        Form form = form(request);
        Map<String, Object> subject = subject(form, ids, request);
        Map<String, String> typed = typed(request);
        String key = typed.getOrDefault(KEY, "");
        if (isShownAgainAfterSignIn(request)) {
            FormErrors.whole("You had been signed out, so nothing was saved. Check what you typed and send it again.")
                    .tell(model);
            return page(form, ids, subject, typed, key, model);
        }
        Optional<Field> growing = form.growing().stream()
                .filter(field -> field.name().equals(typed.get(MORE)))
                .findFirst();
        if (growing.isPresent()) {
            typed.put(
                    growing.get().name() + "-rows", String.valueOf(growing.get().count(typed) + 1));
            return page(form, ids, subject, typed, key, model);
        }
        if (typed.containsKey(TURN)) {
            return page(form, ids, subject, typed, key, model);
        }
        FormErrors missing = FormErrors.missing(form, typed, request);
        if (!missing.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            missing.tell(model);
            return page(form, ids, subject, typed, key, model);
        }
        FormBody sent = FormBody.of(form, typed, request);
        Map<String, Object> known = new HashMap<>(typed);
        known.putAll(ids);
        String path = Ledger.path(form.api(), known);
        Said said = form.fields().stream().anyMatch(field -> field.kind() == Kind.FILE)
                ? api.upload(path, FormBody.texts(form, typed), key)
                : api.post(path, sent.json(), key);
        if (said.refused()) {
            refused(said, form, typed, sent, response, model);
            return page(form, ids, subject, typed, key, model);
        }
        known.clear();
        known.putAll(ids);
        ledger.facts(said.body()).forEach((name, value) -> {
            if (value != null) {
                known.putIfAbsent(name, value);
            }
        });
        redirected.addFlashAttribute("done", form.title());
        return "redirect:" + Ledger.path(form.then(), known) + day(model);
    }

    /** Sends it to where nothing is recorded, and shows what would come of it. */
    String check(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable Map<String, String> ids,
            Model model) {
        Form form = form(request, byCheck);
        Map<String, String> typed = typed(request);
        String key = typed.getOrDefault(KEY, "");
        if (isShownAgainAfterSignIn(request)) {
            return page(form, ids, subject(form, ids, request), typed, key, model);
        }
        FormErrors missing = FormErrors.missing(form, typed, request);
        if (!missing.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            missing.tell(model);
            return page(form, ids, subject(form, ids, request), typed, key, model);
        }
        Map<String, String> texts = new HashMap<>(FormBody.texts(form, typed));
        texts.remove("reason"); // is said when it is recorded
        Said said = api.upload(Ledger.path(String.valueOf(form.check()), ids), texts, key);
        if (said.refused()) {
            refused(said, form, typed, FormBody.of(form, typed, request), response, model);
            return page(form, ids, subject(form, ids, request), typed, key, model);
        }
        model.addAttribute("checked", ledger.facts(said.body()));
        model.addAttribute("form", form);
        return "checked";
    }

    private static Map<String, String> typed(HttpServletRequest request) {
        Map<String, String> typed = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> typed.put(name, String.join(",", values)));
        return typed;
    }

    /**
     * Not for this reader's role: a page that says so. Anything else is told beside the field that is to blame; so is what is not there, since
     * what the form is about has just been read: it was typed.
     */
    private static void refused(
            Said said, Form form, Map<String, String> typed, FormBody sent, HttpServletResponse response, Model model) {
        if (said.status() == 403) {
            said.orRefuse();
        }
        FormErrors.of(said.body(), form, typed, sent).tell(model);
        response.setStatus(said.status());
    }

    // ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────

    private Form form(HttpServletRequest request) {
        return form(request, byPage);
    }

    private static Form form(HttpServletRequest request, Map<String, Form> forms) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Form form = forms.get(String.valueOf(pattern));
        if (form == null) {
            throw new IllegalStateException("no form at " + pattern);
        }
        return form;
    }

    /** As it was on the day of the link that led here: of a client who was handed over a support organisation sees its own time alone. */
    private Map<String, Object> subject(Form form, Map<String, String> ids, HttpServletRequest request) {
        Form.Subject about = form.subject();
        if (about == null) {
            return Map.of();
        }
        String path = Ledger.path(about.path(), ids);
        String list = about.list();
        String asOf = request.getParameter("asOf");
        if (list == null) {
            return ledger.read(path, "asOf", asOf);
        }
        // Of an item one wants to know whose it is.
        Map<String, Object> item = new LinkedHashMap<>(ids);
        Map<String, String> names = new HashMap<>();
        names.put(about.key(), String.valueOf(ids.get(about.id())));
        String also = about.also();
        String asked = also == null ? null : request.getParameter(also);
        if (also != null && asked != null && !asked.isBlank()) {
            names.put(also, asked.strip());
        }
        item.putAll(ledger.one(path, list, names, asOf));
        if (item.get("calculation") instanceof Map<?, ?> calculation) {
            calculation.forEach((name, fact) -> item.putIfAbsent(String.valueOf(name), fact));
        }
        return item;
    }

    private static Optional<String> proposed(
            Field field, Map<String, Object> subject, Map<String, String> ids, Model model) {
        String from = field.from();
        if (from == null) {
            return field.kind() == Kind.HIDDEN ? field.options().stream().findFirst() : Optional.empty();
        }
        Object value = from.equals("today") ? model.getAttribute("today") : subject.getOrDefault(from, ids.get(from));
        return switch (field.kind()) {
            // Spending is negative in answers, in requests nothing is.
            case MONEY ->
                Optional.ofNullable(value).map(pounds -> pounds.toString().replaceFirst("^-", ""));
            case YES -> Boolean.TRUE.equals(value) ? Optional.of("true") : Optional.empty();
            default -> Optional.ofNullable(value).map(Object::toString);
        };
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

    private String page(
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
        String asOf = model.getAttribute("dates") instanceof Dates dates ? dates.asOf() : null;
        model.addAttribute("offers", offers.of(form, subject, asOf));
        model.addAttribute("back", (form.then().contains("{") ? back(form, ids) : form.then()) + day(model));
        if (!model.containsAttribute("wrong")) {
            model.addAttribute("wrong", Map.of());
        }
        if (!model.containsAttribute("summary")) {
            model.addAttribute("summary", List.of());
        }
        Beside more = beside.get(form.template());
        if (more != null) {
            more.show(subject, typed, model);
        }
        return form.template();
    }

    /** What keeps the day of the link that led here, if it had one. */
    private static String day(Model model) {
        return model.getAttribute("dates") instanceof Dates dates ? dates.forPage("?") : "";
    }

    /** Pages of what a form's path may name. */
    private static final Map<String, String> PARENTS = Map.of(
            "accountId", "/accounts/{accountId}", "budgetId", "/budgets/{budgetId}", "personId", "/people/{personId}");

    /** Where one came from: the page that it leads to, if that is known before it is sent, else that of what it is about. */
    private static String back(Form form, Map<String, String> ids) {
        boolean known =
                VARIABLE.matcher(form.then()).results().allMatch(variable -> ids.containsKey(variable.group(1)));
        return known
                ? Ledger.path(form.then(), ids)
                : PARENTS.entrySet().stream()
                        .filter(parent -> ids.containsKey(parent.getKey()))
                        .map(parent -> Ledger.path(parent.getValue(), ids))
                        .findFirst()
                        .orElse("/");
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
