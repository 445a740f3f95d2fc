package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.annotation.DirtiesContext;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialEvent;

/** Nodes of two versions on one database: a kind of event is written only once every node reads it, and none is ever skipped. */
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionsTest extends TrialTest {

    private static final Nodes.Tables TABLES = new Nodes.Tables("80", "62");
    private static final Duration SILENCE = Duration.ofSeconds(1);

    @Autowired
    Flyway migrations;

    @Test
    void aRestoreIsNotTriedOnADatabaseOnWhichALedgerRuns() {
        assertThatThrownBy(() -> new TablesBeside(new NodeName("drill", "1"), true).migrate(migrations))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("restore the backup into a database that nothing else uses");
    }

    // ── two nodes ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aNewKindOfEventIsRecordedOnlyOnceNoNodeRunsThatCannotReadItAndThenNoSuchNodeStarts() {
        String id = open("versions");
        TrialCommand renamed = new TrialCommand.Rename(id, "Later");
        try (SecondNode older = SecondNode.without("trial.renamed.1", environment)) {
            assertThat(refusal(() -> commands.send(renamed, plain()))).isEqualTo("BUSY");
            assertThat(refusal(() -> commands.send(renamed, keyed("rename-" + id))))
                    .isEqualTo("BUSY");
            assertThat(eventsOf(id)).isEqualTo(1);
            // the rest of the work goes on, on both
            count(id, 1);
            older.get(Commands.class).send(new TrialCommand.Count(id, 2), plain());
            count(id, 3);
            assertThat(rows.total(id, now())).isEqualTo(6);
        }
        assertThat(commands.send(renamed, keyed("rename-" + id)).event(TrialEvent.Renamed.class))
                .isEqualTo(new TrialEvent.Renamed(id, "Later"));
        assertThat(commands.send(renamed, keyed("rename-" + id)).replayed()).isTrue();
        assertThat(eventsOf(id)).isEqualTo(5);

        assertThatThrownBy(() -> SecondNode.without("trial.renamed.1", environment))
                .rootCause()
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("trial.renamed.1");
        try (SecondNode same = SecondNode.beside(environment)) {
            assertThat(same.get(Commands.class)
                            .send(new TrialCommand.Rename(id, "Again"), plain())
                            .events())
                    .hasSize(1);
        }
    }

    // ── registering and admitting ────────────────────────────────────────────────────────────────────────────────

    /** One home a node; each reads what it is told. */
    private static Nodes node(TestPostgres.Database database, String home, String... reads) {
        return new Nodes(
                JdbcClient.create(database),
                new JdbcTransactionManager(database),
                new NodeName(home, "process"),
                Set.of(reads),
                TABLES,
                SILENCE);
    }

    @Test
    void whoStartsAndWhoRecordsSomethingNewAtTheSameMomentNeverBothSucceed() throws Exception {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            int refusedStarts = 0;
            for (int i = 0; i < 40; i++) {
                String kind = "new." + i;
                JdbcClient jdbc = JdbcClient.create(database);
                jdbc.sql("DELETE FROM event_kind").update();
                try (Nodes newer = node(database, "newer", kind);
                        Nodes older = node(database, "older")) {
                    newer.register();
                    EventKinds kinds = new EventKinds(jdbc, newer);
                    CountDownLatch go = new CountDownLatch(1);
                    CompletableFuture<Boolean> starts =
                            CompletableFuture.supplyAsync(() -> succeeds(go, older::register));
                    CompletableFuture<Boolean> records =
                            CompletableFuture.supplyAsync(() -> succeeds(go, () -> kinds.admit(Set.of(kind))));
                    go.countDown();
                    assertThat(starts.get()).as("one of the two, round " + i).isNotEqualTo(records.get());
                    refusedStarts += starts.get() ? 0 : 1;
                }
            }
            System.getLogger(VersionsTest.class.getName())
                    .log(System.Logger.Level.INFO, refusedStarts + " of 40 starts were refused");
        }
    }

    /** Its machine was suspended for days, and another has started meanwhile. */
    @Test
    void aNodeThatOthersHaveForgottenSaysAgainThatItLives() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            JdbcClient jdbc = JdbcClient.create(database);
            try (Nodes node = node(database, "suspended", "new.kind")) {
                node.register();
                jdbc.sql("DELETE FROM node").update();
                TrialTest.until(
                        "it is there again",
                        () -> jdbc.sql("SELECT count(*) FROM node WHERE 'new.kind' = ANY(reads)")
                                        .query(Integer.class)
                                        .single()
                                == 1);
            }
            assertThat(jdbc.sql("SELECT count(*) FROM node")
                            .query(Integer.class)
                            .single())
                    .as("once it has ended")
                    .isZero();
        }
    }

    private static boolean succeeds(CountDownLatch go, Runnable attempt) {
        try {
            go.await();
            attempt.run();
            return true;
        } catch (StartRefused | uk.directpayments.ledger.kernel.RuleBroken refused) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNodeThatWasKilledCountsAsGoneAfterItsSilenceAndNotBefore() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase();
                Nodes newer = node(database, "newer", "new.1")) {
            JdbcClient jdbc = JdbcClient.create(database);
            newer.register();
            dead(jdbc, "killed/1", 0);
            EventKinds kinds = new EventKinds(jdbc, newer);
            assertThat(refusal(() -> kinds.admit(Set.of("new.1")))).isEqualTo("BUSY");
            until("it counts as gone", () -> {
                try {
                    kinds.admit(Set.of("new.1"));
                    return true;
                } catch (uk.directpayments.ledger.kernel.RuleBroken busy) {
                    return false;
                }
            });
        }
    }

    /** As after an outage of the database, in which nobody could say anything: whoever is back first must not take the others for dead. */
    @Test
    void aNodeThatHasBeenSilentForLongIsListenedForBeforeItCountsAsGone() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase();
                Nodes newer = node(database, "newer", "new.1")) {
            JdbcClient jdbc = JdbcClient.create(database);
            dead(jdbc, "silent/1", 3_600);
            long begun = System.nanoTime();
            newer.register();
            EventKinds kinds = new EventKinds(jdbc, newer);
            assertThat(refusal(() -> kinds.admit(Set.of("new.1")))).isEqualTo("BUSY");
            until("it counts as gone", () -> newer.thatDoNotRead("new.1").isEmpty());
            assertThat(System.nanoTime() - begun).isGreaterThan(SILENCE.toNanos());
            kinds.admit(Set.of("new.1"));
        }
    }

    private static void dead(JdbcClient jdbc, String process, int secondsAgo) {
        jdbc.sql("""
                        INSERT INTO node VALUES (:process, now(), clock_timestamp() - make_interval(secs => :ago), '{}', '80', '62')""").param("process", process).param("ago", secondsAgo).update();
    }

    @Test
    void whatAnEarlierProcessOfThisHomeLeftIsGoneAtOnceAndAnEndedNodeToo() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase();
                Nodes newer = node(database, "newer", "new.1")) {
            JdbcClient jdbc = JdbcClient.create(database);
            dead(jdbc, "newer/before", 0);
            Nodes older = node(database, "older");
            older.register();
            newer.register();
            assertThat(newer.thatDoNotRead("new.1")).containsExactly("older/process");
            older.close();
            assertThat(newer.thatDoNotRead("new.1")).isEmpty();
        }
    }

    @Test
    void everyKindThatTheLogHoldsIsAdmittedAndReadableByThisVersion() {
        open("kinds");
        assertThat(jdbc.sql("SELECT DISTINCT name || '.' || revision FROM event_log")
                        .query(String.class)
                        .list())
                .isSubsetOf(jdbc.sql("SELECT kind FROM event_kind")
                        .query(String.class)
                        .list())
                .contains("trial.opened.1");
    }

    // ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void noNodeStartsBesideOneWhoseTablesItDoesNotKnowNorMigratesUnderOneThatDoesNotKnowItsOwn() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            JdbcClient jdbc = JdbcClient.create(database);
            dead(jdbc, "other/1", 0);
            TablesBeside.require(jdbc, "mine", TABLES);
            TablesBeside.require(jdbc, "mine", new Nodes.Tables("95", "62"));
            TablesBeside.require(jdbc, "mine", new Nodes.Tables("62", "41"));
            assertThatThrownBy(() -> TablesBeside.require(jdbc, "mine", new Nodes.Tables("95", "90")))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("earlier version")
                    .hasMessageContaining("V90");
            assertThatThrownBy(() -> TablesBeside.require(jdbc, "mine", new Nodes.Tables("61.2", "41")))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("later version")
                    .hasMessageContaining("V62");
            assertThatCode(() -> TablesBeside.require(jdbc, "other", new Nodes.Tables("95", "90")))
                    .as("its own earlier process")
                    .doesNotThrowAnyException();
            try (Nodes node = new Nodes(
                    jdbc,
                    new JdbcTransactionManager(database),
                    new NodeName("mine", "1"),
                    List.of(),
                    new Nodes.Tables("95", "90"))) {
                assertThatThrownBy(node::register).isInstanceOf(StartRefused.class);
            }
            jdbc.sql("UPDATE node SET seen_at = clock_timestamp() - interval '9 s', tables_known = '1'")
                    .update();
            new TablesBeside(new NodeName("mine", "1"), false)
                    .migrate(Flyway.configure()
                            .dataSource(database)
                            .locations("classpath:db/migration")
                            .load());
            assertThat(jdbc.sql("SELECT clock_timestamp() - seen_at > interval '10 s' FROM node")
                            .query(Boolean.class)
                            .single())
                    .as("it was waited for")
                    .isTrue();
        }
    }

    @Test
    void aMigrationThatSaysSoRunsBesideVersionsThatDoNotHaveItAndNoOtherDoes() throws IOException {
        MigrationVersion known = MigrationVersion.EMPTY;
        MigrationVersion needed = MigrationVersion.EMPTY;
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V*.sql")) {
            MigrationVersion version = MigrationVersion.fromVersion(String.valueOf(file.getFilename())
                    .replaceFirst("V(.*)__.*", "$1")
                    .replace('_', '.'));
            known = Collections.max(List.of(known, version));
            if (!file.getContentAsString(StandardCharsets.UTF_8).startsWith("-- runs beside earlier versions\n")) {
                needed = Collections.max(List.of(needed, version));
            }
        }
        assertThat(TablesBeside.of(migrations)).isEqualTo(new Nodes.Tables(known.getVersion(), needed.getVersion()));
    }
}
