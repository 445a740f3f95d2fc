package uk.directpayments.ledger.web;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the forms send, for tests of other rooms. */
public final class FormCatalogue {

    private FormCatalogue() {}

    /** The fields of each form, by the path of the API that it is sent to. */
    public static Map<String, List<String>> fieldsByApi() {
        return fieldsBy(Form::api);
    }

    /** The fields of each form, by the path of its page. */
    public static Map<String, List<String>> fieldsByPage() {
        return fieldsBy(Form::page);
    }

    private static Map<String, List<String>> fieldsBy(Function<Form, String> path) {
        return Forms.ALL.stream()
                .collect(Collectors.toMap(
                        path,
                        form -> form.fields().stream()
                                .flatMap(field -> field.kind() == Form.Kind.DOCUMENT
                                        ? Stream.of("sha256", "name")
                                        : Stream.of(field.name()))
                                .toList()));
    }
}
