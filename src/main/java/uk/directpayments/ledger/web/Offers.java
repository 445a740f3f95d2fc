package uk.directpayments.ledger.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.web.Form.Field;
import uk.directpayments.ledger.web.Form.Kind;

/** What there is to choose from where a form asks for one of the ledger's own things, so that nobody has to know its identifier. */
@Component
class Offers {

    /** Of what. */
    enum Source {
        /** The lines of the account's budget that are paid out. */
        LINES,
        /** The person's stays, but for those that never were. */
        STAYS,
        /** The person's accounts, the closed ones last: a stay may come to light after its account was closed. */
        ACCOUNTS,
        /** The risk bands of the policy in force. */
        RISK_BANDS
    }

    /**
     * One of them.
     *
     * @param value as the API takes it
     */
    record Offer(String value, String words) {}

    private final Ledger ledger;
    private final Say say;

    Offers(Ledger ledger, Say say) {
        this.ledger = ledger;
        this.say = say;
    }

    /**
     * Of each field that offers any, by its name; what this reader cannot see is not offered.
     *
     * @param asOf the day of the link that led to the form, or null for today
     */
    Map<String, List<Offer>> of(Form form, Map<String, Object> subject, @Nullable String asOf) {
        Map<String, List<Offer>> offers = new LinkedHashMap<>();
        for (Field field : form.fields()) {
            Source source = field.offers();
            if (field.kind() == Kind.OFFERED && source != null) {
                offers.put(field.name(), of(source, subject, asOf));
            }
        }
        return offers;
    }

    private List<Offer> of(Source source, Map<String, Object> subject, @Nullable String asOf) {
        return switch (source) {
            case LINES -> lines(account(subject, asOf), asOf);
            case STAYS -> stays(person(subject, asOf), asOf);
            case ACCOUNTS -> accounts(person(subject, asOf), asOf);
            case RISK_BANDS -> riskBands();
        };
    }

    /** The account that a form is about, or of what it is about. */
    private Map<String, Object> account(Map<String, Object> subject, @Nullable String asOf) {
        Object accountId = subject.get("accountId");
        return subject.containsKey("budgetId") || accountId == null
                ? subject
                : ledger.find(Ledger.path("/accounts/{id}", accountId), "asOf", asOf)
                        .orElse(Map.of());
    }

    private @Nullable Object person(Map<String, Object> subject, @Nullable String asOf) {
        Object personId = subject.get("personId");
        return personId == null ? account(subject, asOf).get("personId") : personId;
    }

    /** Of the account's budget: also one that another account is paid at present, which comes over once it is chosen here. */
    private List<Offer> lines(Map<String, Object> account, @Nullable String asOf) {
        Object budgetId = account.get("budgetId");
        if (budgetId == null) {
            return List.of();
        }
        Map<String, Object> budget = ledger.find(Ledger.path("/budgets/{id}", budgetId), "asOf", asOf)
                .orElse(Map.of());
        return Ledger.items(budget, "lines").stream()
                .filter(line -> !"COUNCIL_MANAGED".equals(line.get("mode")))
                .map(line -> new Offer(
                        String.valueOf(line.get("lineId")),
                        say.words(line.get("fundingSource")) + ", " + say.code(line.get("category")) + ", "
                                + say.money(line.get("annualAmount")) + " a year (" + line.get("lineId") + ")"
                                + elsewhere(line, account)))
                .toList();
    }

    private static String elsewhere(Map<String, Object> line, Map<String, Object> account) {
        Object paidTo = line.get("accountId");
        return paidTo == null || paidTo.equals(account.get("accountId")) ? "" : ", until now paid to " + paidTo;
    }

    private List<Offer> stays(@Nullable Object personId, @Nullable String asOf) {
        if (personId == null) {
            return List.of();
        }
        return ledger.all(Ledger.path("/people/{id}/residential-stays", personId), "asOf", asOf).stream()
                .filter(stay -> !"VOIDED".equals(stay.get("status")))
                .map(stay -> new Offer(
                        String.valueOf(stay.get("stayId")),
                        stay.get("provider") + ", from " + say.shortDay(stay.get("admitted"))
                                + (stay.get("discharged") == null ? "" : " to " + say.shortDay(stay.get("discharged")))
                                + ("PLANNED".equals(stay.get("status")) ? ", planned" : "")))
                .toList();
    }

    private List<Offer> accounts(@Nullable Object personId, @Nullable String asOf) {
        return personId == null
                ? List.of()
                : ledger.all("/accounts", "personId", personId, "asOf", asOf).stream()
                        .sorted(Comparator.comparing(account -> isClosed(account)))
                        .map(account -> new Offer(
                                String.valueOf(account.get("accountId")),
                                account.get("accountId") + ", " + say.source(String.valueOf(account.get("type")))
                                        + (isClosed(account) ? ", closed" : "")))
                        .toList();
    }

    private static boolean isClosed(Map<String, Object> account) {
        return "CLOSED".equals(account.get("state"));
    }

    private List<Offer> riskBands() {
        Object settings = ledger.read("/policies").get("settings");
        List<Offer> bands = new ArrayList<>();
        if (settings instanceof Map<?, ?> all) {
            all.forEach((name, months) -> {
                String band = String.valueOf(name).replaceFirst("^returnCycle[.]", "");
                if (!band.equals(name)) {
                    bands.add(new Offer(band, say.words(band) + ": a return every " + months + " months"));
                }
            });
        }
        return bands;
    }
}
