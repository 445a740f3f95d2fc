package uk.directpayments.ledger.web;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the forms send, for tests of other rooms. */
public final class FormCatalogue {

    private FormCatalogue() {}

    /** The fields of each form's body, by the path of the API that it is sent to; of several forms all of theirs. */
    public static Map<String, List<String>> fieldsByApi() {
        return fieldsBy(Form::api, FormCatalogue::inBody);
    }

    /** The inputs of each form, by the path of its page. */
    public static Map<String, List<String>> inputsByPage() {
        return fieldsBy(Form::page, FormCatalogue::inputs);
    }

    private static Stream<String> inBody(Form form) {
        return form.fields().stream()
                .filter(field -> !form.isInPath(field))
                .flatMap(field ->
                        field.kind() == Form.Kind.DOCUMENT && !field.name().equals("documents")
                                ? Stream.of("sha256", "name")
                                : Stream.of(field.name().replaceAll("[.].*", "")))
                .distinct();
    }

    private static Stream<String> inputs(Form form) {
        return form.fields().stream()
                .flatMap(field -> field.kind() == Form.Kind.ROWS
                        ? field.rows().stream().map(one -> field.input(0, one))
                        : Stream.of(field.name()));
    }

    private static Map<String, List<String>> fieldsBy(
            Function<Form, String> path, Function<Form, Stream<String>> names) {
        return Forms.ALL.stream()
                .collect(Collectors.toMap(
                        path,
                        form -> names.apply(form).toList(),
                        (one, other) -> Stream.concat(one.stream(), other.stream())
                                .distinct()
                                .toList()));
    }
}
