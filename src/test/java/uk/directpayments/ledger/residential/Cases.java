package uk.directpayments.ledger.residential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/** The worked examples of the rulebook, section 2. */
final class Cases {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private Cases() {}

    /** One example on one basis. */
    record Case(String id, String title, Basis basis, JsonNode input, JsonNode expected) {

        Question question() {
            return question(ResidentialPolicy.DEFAULT);
        }

        Question question(ResidentialPolicy policy) {
            return new Question(
                    stays(),
                    BusinessDay.reaches(18, LocalDate.parse(text(input, "dateOfBirth"))),
                    null,
                    basis,
                    LocalDate.parse(text(input, "asOf")),
                    input.path("includePlanned").asBoolean(false),
                    policy);
        }

        private List<Stay> stays() {
            return input.path("stays")
                    .valueStream()
                    .filter(stay -> known(stay) && !voided(text(stay, "stayId")))
                    .map(stay -> new Stay(text(stay, "stayId"), facts(stay), planned(stay)))
                    .toList();
        }

        private boolean voided(String stayId) {
            return input.path("corrections")
                    .valueStream()
                    .anyMatch(correction -> known(correction)
                            && text(correction, "type").equals("VOID")
                            && text(correction, "stayId").equals(stayId));
        }

        private boolean known(JsonNode fact) {
            return !input.has("knownAt")
                    || !Instant.parse(text(fact, "recordedAt")).isAfter(Instant.parse(text(input, "knownAt")));
        }

        @Override
        public String toString() {
            return id + " " + basis + ": " + title;
        }
    }

    static Stay.Facts facts(JsonNode stay) {
        return new Stay.Facts(
                Stay.Setting.valueOf(text(stay, "setting")),
                LocalDate.parse(text(stay, "admitted")),
                day(stay.path("discharged")),
                stay.path("fundedByDirectPayment").asBoolean());
    }

    static boolean planned(JsonNode stay) {
        return text(stay, "status").equals("PLANNED");
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString();
    }

    private static @Nullable LocalDate day(JsonNode node) {
        return node.isString() ? LocalDate.parse(node.asString()) : null;
    }

    /** Every example on both bases. */
    static Stream<Case> all() {
        return cases().valueStream()
                .flatMap(example -> Stream.of(Basis.values())
                        .map(basis -> new Case(
                                text(example, "id"),
                                text(example, "title"),
                                basis,
                                example.path("input"),
                                example.path("expected").path(basis.name()))));
    }

    static Case one(String id, Basis basis) {
        return all().filter(example -> example.id.equals(id) && example.basis == basis)
                .findFirst()
                .orElseThrow();
    }

    static JsonNode cases() {
        try (InputStream json = Cases.class.getResourceAsStream("/residential/cases.json")) {
            return JSON.readTree(Objects.requireNonNull(json)).path("cases");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
