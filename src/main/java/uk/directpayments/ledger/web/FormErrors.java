package uk.directpayments.ledger.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.ui.Model;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.web.Form.Field;
import uk.directpayments.ledger.web.Form.Kind;

/** What is wrong with a form as it was sent: told in a summary at the top, and beside each field that is to blame. */
record FormErrors(List<Wrong> wrong) {

    /** The button: what is to blame if no field is. */
    private static final String WHOLE = "submit";

    private static final String NOT_FOUND = "_NOT_FOUND";

    /** What an id or a month may look like. */
    private static final Pattern IN_PATH = Pattern.compile("[A-Za-z0-9._-]+");

    /** A name of several words, as the API has them: no word of English looks like it. */
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+[A-Z][A-Za-z]*\\b");

    /** An input to blame, or the whole form. @param input its name, or nothing */
    record Wrong(String target, String words, String input) {}

    static FormErrors whole(String words) {
        return new FormErrors(List.of(new Wrong(WHOLE, words, "")));
    }

    /** What the API cannot be asked without: what stands in its path and nobody has typed, or not so that it can stand there, and a file. */
    static FormErrors missing(Form form, Map<String, String> typed, HttpServletRequest request) {
        List<Wrong> wrong = new ArrayList<>();
        for (Field field : form.fields()) {
            String text = form.isInPath(field) ? FormBody.text(field, field.name(), typed) : "";
            if (text == null) {
                wrong.add(new Wrong(field.id(field.name()), label(field) + ": enter an answer", field.name()));
            } else if (form.isInPath(field) && !IN_PATH.matcher(text).matches()) {
                wrong.add(new Wrong(
                        field.id(field.name()), label(field) + ": write it as the example does", field.name()));
            } else if (field.kind() == Kind.FILE && !FormBody.isChosen(field, request)) {
                wrong.add(new Wrong(field.id(field.name()), label(field) + ": choose a file", field.name()));
            }
        }
        return new FormErrors(List.copyOf(wrong));
    }

    /** What the API says about what was sent to it. */
    static FormErrors of(JsonNode problem, Form form, Map<String, String> typed, FormBody sent) {
        String whole = asTheFormSays(problem.path("detail").asString(""), form);
        List<Wrong> wrong = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            String input = sent.input(error.path("field").asString(""));
            wrong.add(inputs(form, typed)
                    .filter(one -> one.name.equals(input))
                    .findFirst()
                    .map(one -> new Wrong(
                            one.field.id(input),
                            words(one, typed, asTheFormSays(error.path("detail").asString(""), form)),
                            input))
                    .orElseGet(() -> new Wrong(WHOLE, whole, "")));
        }
        if (wrong.isEmpty()) {
            return notThere(problem.path("code").asString(""), form)
                    .map(field -> new FormErrors(List.of(new Wrong(field.id(field.name()), whole, field.name()))))
                    .orElseGet(() -> whole(whole));
        }
        return new FormErrors(List.copyOf(wrong));
    }

    /** The field that names what is not there: {@code accountId} of {@code ACCOUNT_NOT_FOUND}. */
    private static Optional<Field> notThere(String code, Form form) {
        if (!code.endsWith(NOT_FOUND)) {
            return Optional.empty();
        }
        String name = code.replace(NOT_FOUND, "").toLowerCase(Locale.ROOT) + "Id";
        return form.fields().stream()
                .filter(field -> field.name().equals(name) && field.kind() != Kind.HIDDEN)
                .findFirst();
    }

    /** The API calls fields by their names, who reads a form knows their labels. */
    private static String asTheFormSays(String detail, Form form) {
        return NAME.matcher(detail)
                .replaceAll(name -> Matcher.quoteReplacement(form.fields().stream()
                        .flatMap(field -> Stream.concat(Stream.of(field), field.rows().stream()))
                        .filter(field -> ("." + field.name()).endsWith("." + name.group()))
                        .findFirst()
                        .map(field -> "“" + label(field) + "”")
                        .orElse(name.group())));
    }

    boolean isEmpty() {
        return wrong.isEmpty();
    }

    void tell(Model model) {
        Map<String, String> beside = new LinkedHashMap<>();
        wrong.stream().filter(one -> !one.input.isEmpty()).forEach(one -> beside.putIfAbsent(one.input, one.words));
        model.addAttribute("summary", wrong);
        model.addAttribute("wrong", beside);
    }

    /** An input of a form, by its name. @param row from 1, or 0 outside of rows */
    private record Input(String name, Field field, int row) {}

    private static Stream<Input> inputs(Form form, Map<String, String> typed) {
        return form.fields().stream()
                .flatMap(field -> field.kind() != Kind.ROWS
                        ? Stream.of(new Input(field.name(), field, 0))
                        : Stream.iterate(0, row -> row + 1)
                                .limit(field.count(typed))
                                .flatMap(row -> field.rows().stream()
                                        .map(one -> new Input(field.input(row, one), one, row + 1))));
    }

    /** Whole sentences stand as they are; what begins small goes on from the field's label. */
    private static String words(Input input, Map<String, String> typed, String detail) {
        boolean sentence = !detail.isEmpty() && Character.isUpperCase(detail.charAt(0));
        if (sentence) {
            return detail;
        }
        String label = (input.row == 0 ? "" : input.row + ". ") + label(input.field);
        boolean nothing = FormBody.text(input.field, input.name, typed) == null;
        return nothing ? label + ": enter an answer" : label + ": " + detail;
    }

    private static String label(Field field) {
        return field.label().replaceAll("[?.]$", "");
    }
}
