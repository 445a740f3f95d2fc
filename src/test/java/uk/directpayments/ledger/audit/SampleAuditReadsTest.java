package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** {@code GET /audits} and {@code /audits/{id}}: what was drawn, what was found, and how it ended. */
class SampleAuditReadsTest extends RunningLedger {

    @Test
    void anAuditSaysWhatWasDrawnFoundAndConcludedAndForgetsWhoWasErased() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Caller auditor = Caller.as("auditor", port);
        String audit = fresh("AUDIT");
        ok(auditor.post(
                "/api/v1/audits", "{\"auditId\":\"%s\",\"seed\":9007199254740993,\"size\":2}".formatted(audit)));
        String path = "/api/v1/audits/" + audit;
        ok(auditor.post(path + "/findings", "{\"finding\":\"The file is thin\"}"));
        ok(auditor.post(
                path + "/findings",
                "{\"accountId\":\"%s\",\"finding\":\"Robin has no receipts\"}".formatted(opened.accountId())));
        JsonNode open = ok(auditor.get(path)).json();
        assertThat(open.path("seed").asLong()).isEqualTo(9007199254740993L);
        assertThat(open.path("accounts")).isNotEmpty();
        assertThat(open.path("openedBy").asString()).isEqualTo("auditor");
        assertThat(open.path("closedOn").isNull()).isTrue();
        assertThat(open.at("/findings/0/finding").asString()).isEqualTo("The file is thin");
        assertThat(open.at("/findings/0/accountId").isNull()).isTrue();
        assertThat(open.at("/findings/1/finding").asString()).isEqualTo("Robin has no receipts");

        ok(auditor.post(path + "/closure", "{\"conclusion\":\"In order\"}"));
        assertThat(ok(auditor.get(path)).json().path("conclusion").asString()).isEqualTo("In order");
        assertThat(auditor.get("/api/v1/audits/none").code()).isEqualTo("AUDIT_NOT_FOUND");
        assertThat(Caller.as("support", port).get(path).status()).isEqualTo(403);
        assertThat(ok(auditor.get("/api/v1/audits?limit=500")).toString()).contains(audit);

        ok(finance().post("/api/v1/accounts/" + opened.accountId() + "/closure", "{\"on\":\"2026-01-01\"}"));
        ok(Caller.as("admin", port).post("/api/v1/people/" + opened.personId() + "/erasure", "{\"reason\":\"asked\"}"));
        assertThat(ok(auditor.get(path)).json().at("/findings/1/finding").asString())
                .isEqualTo("[erased]");
        assertThat(jdbc.sql("SELECT document::text FROM sample_audit WHERE id = :id")
                        .param("id", audit)
                        .query(String.class)
                        .list()
                        .toString())
                .doesNotContain("Robin has");
    }

    @Test
    void anAuditIsEmptyBeforeItWasOpenedOrKnownAndNotThereOnlyIfThereIsNone() {
        opened("2025-04-01", "2027-03-31", "1200.00");
        Caller auditor = Caller.as("auditor", port);
        String path = "/api/v1/audits/" + fresh("AUDIT");
        Instant before = Instant.now();
        ok(auditor.post(
                "/api/v1/audits",
                "{\"auditId\":\"%s\",\"seed\":7,\"size\":2}".formatted(path.substring(path.lastIndexOf('/') + 1))));
        Instant opened = Instant.now();
        ok(auditor.post(path + "/findings", "{\"finding\":\"The file is thin\"}"));
        ok(auditor.post(path + "/closure", "{\"conclusion\":\"In order\"}"));

        for (String earlier : new String[] {"knownAt=" + before, "asOf=2025-01-01"}) {
            JsonNode unknown = ok(auditor.get(path + "?" + earlier)).json();
            assertThat(unknown.path("auditId").asString()).isEqualTo(path.substring(path.lastIndexOf('/') + 1));
            assertThat(unknown.path("accounts")).isEmpty();
            assertThat(unknown.path("findings")).isEmpty();
            for (String field : new String[] {"seed", "openedBy", "openedOn", "closedOn", "conclusion"}) {
                assertThat(unknown.path(field).isNull()).as(field).isTrue();
            }
            assertThat(auditor.get("/api/v1/audits/none?" + earlier).code()).isEqualTo("AUDIT_NOT_FOUND");
            assertThat(ok(auditor.get("/api/v1/audits?limit=500&" + earlier))
                            .response()
                            .body())
                    .doesNotContain(path.substring(path.lastIndexOf('/') + 1));
        }
        JsonNode open = ok(auditor.get(path + "?knownAt=" + opened)).json();
        assertThat(open.path("seed").asLong()).isEqualTo(7);
        assertThat(open.path("findings")).isEmpty();
        assertThat(open.path("closedOn").isNull()).isTrue();
    }

    @Test
    void anAuditSaysOfADayWhatHadBeenFoundByThen() {
        LocalDate opened = LocalDate.of(2026, 5, 1);
        SampleAudits.Finding early =
                new SampleAudits.Finding("F1", null, null, "thin", null, opened.plusDays(2), "auditor");
        SampleAudits.Finding late =
                new SampleAudits.Finding("F2", null, null, "thick", null, opened.plusDays(4), "auditor");
        SampleAudits.Entry whole = new SampleAudits.Entry(
                "A", 7, List.of("ACC"), "auditor", opened, List.of(early, late), opened.plusDays(5), "In order");
        assertThat(whole.on(opened.plusDays(5))).isEqualTo(whole);
        SampleAudits.Entry before = whole.on(opened.plusDays(3));
        assertThat(before.findings()).containsExactly(early);
        assertThat(before.closedOn()).isNull();
        assertThat(before.conclusion()).isNull();
    }

    @Test
    void sealedMonthsAreListedFromTheFirst() {
        for (String month : new String[] {"2018-07", "2018-05"}) {
            ok(finance().post("/api/v1/periods/" + month + "/seal", "{}"));
        }
        JsonNode first = ok(finance().get("/api/v1/periods?limit=1")).json();
        assertThat(first.at("/items/0/period").asString()).isEqualTo("2018-05");
        assertThat(first.at("/items/0/lastPosition").asLong()).isPositive();
        JsonNode next = ok(finance()
                        .get("/api/v1/periods?limit=1&cursor="
                                + first.path("next").asString()))
                .json();
        assertThat(next.at("/items/0/period").asString()).isEqualTo("2018-07");
        assertThat(Caller.as("support", port).get("/api/v1/periods").status()).isEqualTo(403);
    }
}
