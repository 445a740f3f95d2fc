package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Actor.Role;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.support.TestPostgres;

/** The table of reads: added to, never changed, forgotten in time; and whom an answer names. */
class ReadRecordTest {

    private static final Actor SUPPORT = new Actor("support", Role.SUPPORT, "ORG-1");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private JdbcClient jdbc;
    private ReadRecord reads;

    @BeforeEach
    void anEmptyRecord() {
        jdbc = JdbcClient.create(TestPostgres.freshDatabase());
        reads = new ReadRecord(jdbc, meters);
    }

    @Test
    void aReadIsFoundByWhatItNamed() {
        reads.add(read(Set.of("person/P-1", "account/A-1"), false));
        reads.add(read(Set.of("person/P-2"), false));
        reads.add(read(Set.of(), true));
        assertThat(found("person/P-1")).extracting(ReadRecord.Entry::everybody).containsExactly(true, false);
        assertThat(found("account/A-9", "account/A-1").get(1)).satisfies(row -> {
            assertThat(row.user()).isEqualTo("support");
            assertThat(row.organisationId()).isEqualTo("ORG-1");
            assertThat(row.subjects()).containsExactlyInAnyOrder("person/P-1", "account/A-1");
            assertThat(row.correlationId()).isEqualTo("c-1");
        });
        assertThat(reads.list(new ReadRecord.Filter(null, "finance", null, null), null, 10))
                .isEmpty();
        assertThat(meters.counter(MeterNames.READS, "outcome", "recorded").count())
                .isEqualTo(3);
    }

    @Test
    void aReadOfMoreThanAreListedIsOfEverybody() {
        Set<String> most = IntStream.range(0, ReadRecord.MOST_SUBJECTS)
                .mapToObj(number -> "person/P-" + number)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        reads.add(read(most, false));
        most.add("person/P-one-more");
        reads.add(read(most, false));
        assertThat(found("person/P-7"))
                .extracting(row -> row.subjects().size(), ReadRecord.Entry::everybody)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, true),
                        org.assertj.core.groups.Tuple.tuple(ReadRecord.MOST_SUBJECTS, false));
    }

    @Test
    void whatStandsThereIsNeitherChangedNorRemoved() {
        reads.add(read(Set.of("person/P-1"), false));
        for (String meddling : List.of(
                "UPDATE personal_data_read SET user_id = 'nobody'",
                "DELETE FROM personal_data_read",
                "TRUNCATE personal_data_read")) {
            assertThatThrownBy(() -> jdbc.sql(meddling).update())
                    .as(meddling)
                    .hasMessageContaining("only ever added to");
        }
        assertThat(found("person/P-1")).hasSize(1);
    }

    @Test
    void aReadIsForgottenWhenItsTimeIsOverAndNotBefore() {
        for (int daysAgo : new int[] {0, 99, 101}) {
            jdbc.sql("""
                            INSERT INTO personal_data_read (read_at, user_id, role, route, status, correlation, subjects, everybody, filters)
                            VALUES (now() - make_interval(days => ?), 'finance', 'FINANCE', 'GET /x', 200, ?, '{}', true, '')""").params(daysAgo, "c-" + daysAgo).update();
        }
        ReadRetention retention = new ReadRetention(reads, Duration.ofDays(100));
        assertThat(retention.forget()).isEqualTo(1);
        assertThat(retention.forget()).isZero();
        assertThat(found("person/P-1"))
                .extracting(ReadRecord.Entry::correlationId)
                .containsExactly("c-99", "c-0");
        retention.destroy();
    }

    @Test
    void manyAreForgottenInSlices() {
        jdbc.sql("""
                        INSERT INTO personal_data_read (read_at, user_id, role, route, status, correlation, subjects, everybody, filters)
                        SELECT now() - interval '4 years', 'finance', 'FINANCE', 'GET /x', 200, 'c', '{}', true, ''
                          FROM generate_series(1, ?)""").param(2 * ReadRetention.AT_A_TIME + 1).update();
        ReadRetention retention = new ReadRetention(reads, Duration.ofDays(731));
        assertThat(retention.forget()).isEqualTo(2 * ReadRetention.AT_A_TIME + 1);
        retention.destroy();
    }

    @Test
    void theRetentionHasItsBounds() {
        for (Duration wrong : List.of(Duration.ofDays(89), Duration.ZERO, Duration.ofDays(3654))) {
            assertThatThrownBy(() -> new ReadRetention(reads, wrong))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("ledger.reads.retention must be from 90d to 3653d");
        }
    }

    @Test
    void whatCannotBeRecordedIsRefusedAndCounted() {
        jdbc.sql("DROP TABLE personal_data_read").update();
        assertThatThrownBy(() -> reads.add(read(Set.of("person/P-1"), false)))
                .isInstanceOfSatisfying(
                        RuleBroken.class, refusal -> assertThat(refusal.code()).isEqualTo("BUSY"));
        reads.add(new ReadRecord.Read(SUPPORT, "GET /x", 404, "c-1", Set.of("person/P-1"), false, ""));
        assertThat(meters.counter(MeterNames.READS, "outcome", "unrecorded").count())
                .isEqualTo(2);
    }

    @Test
    void onlyWhatIsThereIsAnAttemptOnSomebody() {
        jdbc.sql("""
                        INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at)
                        VALUES (1, 'person/P-1', 0, 'Person', 'x', '1', 'e', '{}', '{}', now())""").update();
        String flag = "flag/F-0123456789abcdef01234567";
        assertThat(reads.among(Set.of("person/P-1", "person/Robin", "account/P-1", flag, "flag/F-Robin")))
                .containsExactlyInAnyOrder("person/P-1", flag);
    }

    // ── whom an answer names ─────────────────────────────────────────────────────────────────────────────────────

    record Inner(String accountId, String payee) {}

    interface Kind {}

    record Deep(Map<String, List<Inner>> byDay, Kind kind) {}

    record OfKind(String budgetId) implements Kind {}

    record Outer(String personId, String name, List<Inner> items, Deep deep, JsonNode payload, List<String> accounts) {}

    @Test
    void anAnswerNamesWhomItHoldsTheIdsOfHoweverDeep() {
        Set<String> named = new TreeSet<>();
        JsonNode payload = new JsonMapper().readTree("""
                {"items":[{"personId":"P-2","words":{"accountId":"A-3"}}],"budgetId":7,"personId":null}""");
        ReadSubjects.collect(
                List.of(new Outer(
                        "P-1",
                        "Robin",
                        List.of(new Inner("A-1", "Shop")),
                        new Deep(Map.of("2026", List.of(new Inner("A-2", "Shop"))), new OfKind("B-1")),
                        payload,
                        List.of("A-4", "not an id"))),
                named);
        assertThat(named)
                .containsExactly(
                        "account/A-1",
                        "account/A-2",
                        "account/A-3",
                        "account/A-4",
                        "budget/B-1",
                        "person/P-1",
                        "person/P-2");
    }

    @Test
    void anAnswerMayNameNobody() {
        Set<String> named = new TreeSet<>();
        ReadSubjects.collect(null, named);
        ReadSubjects.collect("P-1", named);
        ReadSubjects.collect(new Inner(null, "Shop"), named);
        assertThat(named).isEmpty();
    }

    private static ReadRecord.Read read(Set<String> subjects, boolean everybody) {
        return new ReadRecord.Read(SUPPORT, "GET /x", 200, "c-1", subjects, everybody, "");
    }

    private List<ReadRecord.Entry> found(String... subjects) {
        return reads.list(new ReadRecord.Filter(List.of(subjects), null, null, null), null, 10);
    }
}
