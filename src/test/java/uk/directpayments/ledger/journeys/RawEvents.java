package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Money as the raw events of the log tell of it, knowing nothing of the ledger's own sums and rows. */
final class RawEvents {

    private RawEvents() {}

    /** A movement of money as the raw event says it; pence by source of funds. */
    record Movement(long position, LocalDate on, Map<String, Long> bySource) {}

    /** Every instant at which something was recorded, as {@code knownAt} takes it. */
    static List<String> instants(JdbcClient jdbc) {
        return jdbc.sql(
                        "SELECT DISTINCT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM event_log ORDER BY 1")
                .query(String.class)
                .list();
    }

    /** A balance that was answered, in total and by source, is the sum of the movements up to its position. */
    static void equalsTheBalance(List<Movement> movements, LocalDate asOf, JsonNode answer, String of) {
        long position = answer.path("position").asLong();
        Map<String, Long> expected = new TreeMap<>();
        movements.stream()
                .filter(m -> m.position <= position && !m.on.isAfter(asOf))
                .forEach(m -> m.bySource.forEach((source, pence) -> expected.merge(source, pence, Long::sum)));
        expected.values().removeIf(pence -> pence == 0);
        Map<String, Long> given = new TreeMap<>();
        answer.path("bySource")
                .forEach(s -> given.put(
                        s.path("fundingSource").asString(),
                        pence(s.path("balance").asString())));
        given.values().removeIf(pence -> pence == 0);
        assertThat(given)
                .as("%s asOf %s %s", answer.path("accountId").asString(), asOf, of)
                .isEqualTo(expected);
        assertThat(pence(answer.path("balance").asString()))
                .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
    }

    static List<Movement> movements(JdbcClient jdbc, String accountId) {
        List<Movement> movements = new ArrayList<>();
        jdbc.sql("SELECT position, name, payload FROM event_log WHERE stream_id = :stream ORDER BY position")
                .param("stream", "account/" + accountId)
                .query((row, i) -> {
                    JsonNode e = new JsonMapper().readTree(row.getString("payload"));
                    Map<String, Long> by = new TreeMap<>();
                    switch (row.getString("name")) {
                        case "account.payment-issued" ->
                            by.put(
                                    e.path("source").asString(),
                                    pence(e.path("net").asString()));
                        case "account.payment-returned" ->
                            by.put(
                                    e.path("source").asString(),
                                    -pence(e.path("net").asString()));
                        case "account.top-up-received" ->
                            by.put(
                                    e.path("source").asString(),
                                    pence(e.path("amount").asString()));
                        case "account.contribution-received" ->
                            by.put("CLIENT_CONTRIBUTION", pence(e.path("amount").asString()));
                        case "account.expenditure-recorded" ->
                            e.path("shares")
                                    .forEach(s -> by.merge(
                                            s.path("source").asString(),
                                            -pence(s.path("amount").asString()),
                                            Long::sum));
                        case "account.expenditure-reversed", "account.refund-received" ->
                            e.path("shares")
                                    .forEach(s -> by.merge(
                                            s.path("source").asString(),
                                            pence(s.path("amount").asString()),
                                            Long::sum));
                        default -> {}
                    }
                    return by.isEmpty()
                            ? 0
                            : movements.add(new Movement(
                                            row.getLong("position"),
                                            LocalDate.parse(e.path("on").asString()),
                                            by))
                                    ? 1
                                    : 0;
                })
                .list();
        return movements;
    }

    /** Rulebook 7.10, number 3: at the moment each payment was issued, by the terms that the account had then. */
    static void paidNeverAboveTheAllocation(JdbcClient jdbc, String accountId, String of) {
        Map<String, Long> paid = new TreeMap<>();
        Map<String, JsonNode> lines = new TreeMap<>();
        jdbc.sql("SELECT name, payload FROM event_log WHERE stream_id = :stream ORDER BY position")
                .param("stream", "account/" + accountId)
                .query((row, i) -> {
                    JsonNode e = new JsonMapper().readTree(row.getString("payload"));
                    e.path("terms")
                            .path("lines")
                            .forEach(line -> lines.put(line.path("lineId").asString(), line));
                    String line = e.path("lineId").asString("");
                    if (row.getString("name").equals("account.payment-returned")) {
                        paid.merge(line, -pence(e.path("amount").asString()), Long::sum);
                    } else if (row.getString("name").equals("account.payment-issued")) {
                        long sum = paid.merge(line, pence(e.path("amount").asString()), Long::sum);
                        long inForce = 0;
                        for (JsonNode amount : lines.get(line).path("amounts")) {
                            if (amount.path("from")
                                            .asString()
                                            .compareTo(e.path("on").asString())
                                    <= 0) {
                                inForce = pence(amount.path("annualAmount").asString());
                            }
                        }
                        assertThat(sum)
                                .as("paid on %s of %s, %s", line, accountId, of)
                                .isLessThanOrEqualTo(inForce);
                    }
                    return i;
                })
                .list();
    }

    static void trialBalanceIsZero(JdbcClient jdbc, String of) {
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM (SELECT position FROM journal_line GROUP BY position HAVING sum(pence) <> 0) unbalanced")
                        .query(Long.class)
                        .single())
                .as("entries that do not balance, %s", of)
                .isZero();
    }

    static long pence(String pounds) {
        return new BigDecimal(pounds).movePointRight(2).longValueExact();
    }
}
