package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.platform.Documents;

/** The expenditures as they are stored: found by key, by account, or around the days of others. */
final class ItemsFile {

    /** One scan of the index for each span of days, however many expenditures there are. */
    private static final String AROUND = """
            SELECT near.document
              FROM unnest(:accounts::text[], :payees::text[], :firsts::text[], :lasts::text[]) AS span(account, payee, first, last)
             CROSS JOIN LATERAL (SELECT document FROM spend_item
                                  WHERE account_id = span.account AND (span.payee IS NULL OR payee_key = span.payee)
                                    AND on_day >= span.first COLLATE "C" AND on_day <= span.last COLLATE "C"
                                 OFFSET 0) near""";

    private final Documents<Item> documents = new Documents<>("spend_item", Item.class);

    /**
     * The days of an account whose expenditures must be known: so many before one of them, and so many after it.
     *
     * @param payeeKey of those that must be, or null for all
     */
    record Around(String accountId, @Nullable String payeeKey, LocalDate on, int days) {

        /** To judge an expenditure. */
        static Around of(Item item, Detection detection) {
            return new Around(
                    item.accountId(),
                    detection.meetsOtherPayees(item) ? null : item.payeeKey(),
                    item.on(),
                    Detection.reach(item));
        }

        /** To judge again whatever an expenditure may have been looked at together with. */
        static Around widely(Item item) {
            return new Around(item.accountId(), null, item.on(), 2 * Detection.DAYS_TOGETHER);
        }
    }

    /** Days of an account, from one to another; of one payee, or null. */
    private record Span(String accountId, @Nullable String payeeKey, LocalDate first, LocalDate last) {

        private static final Comparator<Span> IN_ORDER = Comparator.comparing(Span::accountId)
                .thenComparing(Span::payeeKey, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Span::first);

        /** The least that cover what lies around some days, no day twice. */
        static List<Span> covering(Collection<Around> around) {
            List<Span> spans = new ArrayList<>();
            around.stream()
                    .map(one -> new Span(
                            one.accountId, one.payeeKey, one.on.minusDays(one.days), one.on.plusDays(one.days)))
                    .sorted(IN_ORDER)
                    .forEach(next -> {
                        Span before = spans.isEmpty() ? null : spans.get(spans.size() - 1);
                        if (before == null || !before.isGoneOnBy(next)) {
                            spans.add(next);
                        } else if (before.last.isBefore(next.last)) {
                            spans.set(
                                    spans.size() - 1, new Span(next.accountId, next.payeeKey, before.first, next.last));
                        }
                    });
            return spans;
        }

        private boolean isGoneOnBy(Span next) {
            return accountId.equals(next.accountId)
                    && Objects.equals(payeeKey, next.payeeKey)
                    && !last.isBefore(next.first);
        }
    }

    /** By key, those that there are. */
    Map<String, Item> find(JdbcClient jdbc, Collection<String> keys) {
        return documents.find(jdbc, keys);
    }

    /** All of some accounts. */
    List<Item> ofAccounts(JdbcClient jdbc, String[] accountIds) {
        return documents.list(jdbc, "account_id = ANY(:accounts)", Map.of("accounts", accountIds));
    }

    /** Those of some days. */
    List<Item> around(JdbcClient jdbc, Collection<Around> around) {
        List<Span> spans = Span.covering(around);
        return spans.isEmpty()
                ? List.of()
                : documents.select(
                        jdbc,
                        AROUND,
                        Map.of(
                                "accounts", each(spans, Span::accountId),
                                "payees", each(spans, Span::payeeKey),
                                "firsts", each(spans, span -> span.first.toString()),
                                "lasts", each(spans, span -> span.last.toString())));
    }

    private static String[] each(List<Span> spans, Function<Span, @Nullable String> part) {
        return spans.stream().map(part).toArray(String[]::new);
    }

    void write(JdbcClient jdbc, Map<String, Item> items) {
        documents.write(jdbc, items);
    }
}
