package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What it costs to take in 200,000 lines of a card feed over HTTP, each an event of its account, as a multiple of inserting the events that come
 * of it once more and nothing else; and how much memory is held on the way. {@code -Dbench.lines=…} for fewer.
 */
class StatementsBench extends RunningLedger {

    private static final int LINES = Integer.getInteger("bench.lines", 200_000);
    private static final int ACCOUNTS = 400;
    private static final int BATCH = 500;

    @Autowired
    private DataSource database;

    @Test
    void twoHundredThousandLinesAreTakenInWithTheirProgressInFlatMemory() throws Exception {
        for (int a = 0; a < ACCOUNTS; a++) {
            opened(
                    "2026-01-01",
                    "2026-12-31",
                    "1000.00",
                    "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1000.00\"}]",
                    "{\"cardRef\":\"BENCH-%d\"}".formatted(a));
        }
        String file = feed();
        long head = head();
        System.out.printf("a feed of %,d lines, %,d bytes; heap held before: %d MB%n", LINES, file.length(), held());
        long begun = System.nanoTime();
        CompletableFuture<JsonNode> sent = CompletableFuture.supplyAsync(() -> upload(file, "statementId", "BENCH"));
        int told = 0;
        while (!sent.isDone()) {
            Thread.sleep(500);
            var progress = finance().get("/api/v1/statements/BENCH");
            int recorded =
                    progress.status() == 200 ? progress.json().path("recorded").asInt() : 0;
            if (recorded >= told + LINES / 8) {
                told = recorded;
                System.out.printf(
                        "%,d lines after %.1f s; heap held: %d MB%n",
                        recorded, (System.nanoTime() - begun) / 1e9, held());
            }
        }
        double importing = (System.nanoTime() - begun) / 1e9;
        assertThat(sent.get().path("recorded").asInt()).isEqualTo(LINES);
        double plain = insertPlainly(head);
        System.out.printf(
                "%,d lines in %.1f s: %.0f us a line; the same events inserted and nothing else: %.1f s, %.0f us a line; %.1f times%n",
                LINES, importing, importing * 1e6 / LINES, plain, plain * 1e6 / LINES, importing / plain);
        double copied = copied(file);
        System.out.printf(
                "the file's rows by COPY and nothing else: %.2f s, %.1f us a line: %.4f of its rate (to reach: 0.25)%n",
                copied, copied * 1e6 / LINES, copied / importing);
        begun = System.nanoTime();
        JsonNode again = upload(file + "\n");
        assertThat(again.path("duplicates").asInt()).isEqualTo(LINES);
        System.out.printf("sent again, all duplicates: %.1f s%n", (System.nanoTime() - begun) / 1e9);
    }

    /** Seconds that PostgreSQL's own COPY takes for the same lines, into a table with a key. */
    private double copied(String file) throws Exception {
        jdbc.sql("""
                        CREATE TABLE card_line (account_ref text, txn_id text PRIMARY KEY, settled_at timestamptz, type text, amount numeric,
                            currency text, merchant text, mcc text)""").update();
        try (Connection connection = database.getConnection()) {
            long begun = System.nanoTime();
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY card_line FROM STDIN (FORMAT csv, HEADER)", new StringReader(file));
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(rows).isEqualTo(LINES);
            return seconds;
        }
    }

    private static String feed() {
        StringBuilder feed = new StringBuilder("accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n");
        LocalDate start = LocalDate.of(2026, 1, 2);
        for (int i = 0; i < LINES; i++) {
            feed.append("BENCH-%d,T%d,%sT12:00:00Z,PURCHASE,-%d.%02d,GBP,Shop %d,5411%n"
                    .formatted(i % ACCOUNTS, i, start.plusDays(i * 300L / LINES), 1 + i % 40, i % 100, i % 50)
                    .replace("\r", ""));
        }
        return feed.toString();
    }

    /** What is reachable, in megabytes. */
    private static long held() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private record Event(String stream, String name, String payload, String metadata) {}

    /** The events after a position once more, so many at a time, in a table of their own; in seconds. */
    private double insertPlainly(long head) {
        jdbc.sql("""
                        CREATE TABLE plain_event (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL,
                            name text NOT NULL, payload text NOT NULL, metadata text NOT NULL)""").update();
        long spent = 0;
        for (long after = head; after < head(); after += BATCH) {
            List<Event> events = jdbc.sql("""
                            SELECT stream_id AS stream, name, payload, metadata FROM event_log
                             WHERE position > :after AND position <= :until ORDER BY position""")
                    .param("after", after)
                    .param("until", after + BATCH)
                    .query(Event.class)
                    .list();
            long begun = System.nanoTime();
            jdbc.sql("""
                            INSERT INTO plain_event (stream, name, payload, metadata)
                            SELECT * FROM unnest(:streams::text[], :names::text[], :payloads::text[], :metadata::text[])""")
                    .param("streams", column(events, Event::stream))
                    .param("names", column(events, Event::name))
                    .param("payloads", column(events, Event::payload))
                    .param("metadata", column(events, Event::metadata))
                    .update();
            spent += System.nanoTime() - begun;
        }
        return spent / 1e9;
    }

    private static String[] column(List<Event> events, Function<Event, String> column) {
        return events.stream().map(column).toArray(String[]::new);
    }

    /** However long it takes. */
    private JsonNode upload(String file, String... fields) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/statements"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("finance:demo".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", Caller.FORM)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Caller.form(file.getBytes(StandardCharsets.UTF_8), fields)))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return new JsonMapper().readTree(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
