package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.AxonServerUnderTest;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.Load;
import uk.directpayments.ledger.support.OnAxonServer;
import uk.directpayments.ledger.support.RunningLedger;

/** What is told over HTTP on PostgreSQL is told on Axon Server. */
class AxonServerJourneysTest {

    @Nested
    @OnAxonServer
    class Year extends YearOfABudgetTest {}

    @Nested
    @OnAxonServer
    class Histories extends RandomHistoriesTest {}

    @Nested
    @ExtendWith(AxonServerUnderTest.OrSkipped.class)
    class Crashes extends CrashTest {

        @BeforeEach
        void empty() {
            AxonServerUnderTest.empty();
        }

        @Override
        String[] settings() {
            return new String[] {
                "--spring.profiles.active=axonserver",
                "--axon.axonserver.servers=" + AxonServerUnderTest.host() + ":" + AxonServerUnderTest.port()
            };
        }
    }

    /** A ledger that has been at work on PostgreSQL is started on an empty Axon Server, is killed while it moves there, and is started once more. */
    @Nested
    @ExtendWith(AxonServerUnderTest.OrSkipped.class)
    class Moved {

        private static final String PROFILE = "--spring.profiles.active=axonserver";
        private static final String SERVERS =
                "--axon.axonserver.servers=" + AxonServerUnderTest.host() + ":" + AxonServerUnderTest.port();

        @Test
        void aLedgerThatMovesFromPostgresLosesNothingItsCheckpointStandsAndItStaysThere() throws Exception {
            AxonServerUnderTest.empty();
            try (ChildLedger ledger = ChildLedger.start(CrashTest.emptyHome("moved"))) {
                Load load = new Load(ledger, System.nanoTime());
                load.start(false);
                ChildLedger.sleep(4_000);
                load.stop();
                JsonNode before = checkpoint(ledger);
                ledger.terminate();
                ledger.awaitExit();

                ledger.startAgainSoonWith(PROFILE, SERVERS, "--ledger.axonserver.move=true");
                while (!ledger.output().contains("the log moves to Axon Server")) {
                    ChildLedger.sleep(10);
                }
                ledger.kill();
                ledger.startAgain();
                assertThat(ledger.output()).contains("the log has moved");

                JsonNode after = checkpoint(ledger);
                assertThat(after.path("size")).isEqualTo(before.path("size"));
                assertThat(after.path("rootHash")).isEqualTo(before.path("rootHash"));
                assertThat(verified(ledger.as("auditor")).path("ok").asBoolean())
                        .as("read from Axon Server")
                        .isTrue();
                Truth.nothingAcknowledgedIsLost(ledger, load);
                load.repeatSomeAcknowledged(20);
                load.start(false);
                ChildLedger.sleep(1_000);
                load.stop();
                load.repeatTheOpen();
                Truth.holds(ledger, load);
                Truth.projectionsAgreeWithAReplay(ledger);

                ledger.terminate();
                ledger.awaitExit();
                ledger.startAgainSoonWith();
                assertThat(ledger.awaitExit()).as("started for PostgreSQL").isNotZero();
                assertThat(ledger.output()).contains("The log of this database is kept on Axon Server");
            }
        }

        private static JsonNode checkpoint(ChildLedger ledger) {
            return ledger.as("auditor").get("/api/v1/audit/checkpoint").json();
        }
    }

    /** What Axon Server keeps, not only what was copied from it. */
    @Nested
    @OnAxonServer
    class Verified extends RunningLedger {

        @Test
        void aVerificationReadsAxonServerToo() {
            Opened account = opened("2025-04-01", "2026-03-31", "5000.00");
            ok(finance()
                    .post(
                            "/api/v1/accounts/%s/payments".formatted(account.accountId()),
                            "{\"lineId\":\"L1\",\"amount\":\"100.00\",\"on\":\"2025-04-02\"}"));
            assertThat(verification().path("ok").asBoolean()).isTrue();

            // never hashed, so that only Axon Server knows better
            jdbc.sql("DELETE FROM audit_node").update();
            change(jdbc, "'100.00'", "'900.00'");
            JsonNode found = verification();
            change(jdbc, "'900.00'", "'100.00'");

            assertThat(found.path("ok").asBoolean()).isFalse();
            assertThat(found.path("problem").asString()).endsWith("is not the one that Axon Server keeps there.");
            assertThat(found.path("firstBadPosition").asLong())
                    .isEqualTo(jdbc.sql("SELECT position FROM event_log WHERE name = 'account.payment-issued'")
                            .query(Long.class)
                            .single());
            assertThat(verification().path("ok").asBoolean()).isTrue();
        }

        private static void change(JdbcClient jdbc, String from, String to) {
            assertThat(jdbc.sql("UPDATE event_log SET payload = replace(payload, " + from + ", " + to
                                    + ") WHERE name = 'account.payment-issued'")
                            .update())
                    .isEqualTo(1);
        }

        private JsonNode verification() {
            return verified(Caller.as("auditor", port));
        }
    }

    private static JsonNode verified(Caller auditor) {
        Caller.Answer begun = auditor.post("/api/v1/audit/verifications", "{}");
        assertThat(begun.status()).as(begun.toString()).isLessThan(300);
        JsonNode result;
        do {
            ChildLedger.sleep(100);
            result = auditor.get("/api/v1/audit/verifications/"
                            + begun.json().path("verificationId").asString())
                    .json();
        } while (result.path("state").asString().equals("RUNNING"));
        return result;
    }
}
