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

    /** What Axon Server keeps, not only what was copied from it. */
    @Nested
    @OnAxonServer
    class Verified extends RunningLedger {

        @Test
        void aVerificationReadsAxonServerToo() throws InterruptedException {
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

        private JsonNode verification() throws InterruptedException {
            Caller auditor = Caller.as("auditor", port);
            String id = ok(auditor.post("/api/v1/audit/verifications", "{}"))
                    .json()
                    .path("verificationId")
                    .asString();
            JsonNode result;
            do {
                Thread.sleep(100);
                result = ok(auditor.get("/api/v1/audit/verifications/" + id)).json();
            } while (result.path("state").asString().equals("RUNNING"));
            return result;
        }
    }
}
