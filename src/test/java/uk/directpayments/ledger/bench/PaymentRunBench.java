package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What an instalment costs in runs of 3,000 and 30,000, over HTTP: to select it, to issue its payment and work out the files, and to write it; as a
 * multiple of inserting the payments' events once more, as many at a time, and nothing else. The small run is measured before and after the
 * large one: what differs between these is the ledger's size, not the run's. {@code -Dbench.instalments=…} for other sizes.
 */
class PaymentRunBench extends RunningLedger {

    private static final List<Integer> SIZES = Stream.of(
                    System.getProperty("bench.instalments", "3000,30000,3000").split(","))
            .map(Integer::valueOf)
            .toList();

    /** Weekly ones, the last of them due today. */
    private static final int OF_AN_ACCOUNT = 50;

    /** As many payments as a run issues for one event of its own. */
    private static final int BATCH = 200;

    private static final String LINE = """
            [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"5200.00"}]""";

    private final HttpClient client = HttpClient.newHttpClient();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final LocalDate from = today.minusWeeks(OF_AN_ACCOUNT - 1);

    @Test
    void anInstalmentCostsTheSameInALargeRunAsInASmallOne() throws Exception {
        jdbc.sql("""
                        CREATE TABLE plain_event (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL,
                            name text NOT NULL, payload text NOT NULL, metadata text NOT NULL)""").update();
        for (int round = 0; round < SIZES.size(); round++) {
            int instalments = SIZES.get(round);
            int first = round * 1_000_000;
            IntStream.range(0, instalments / OF_AN_ACCOUNT).parallel().forEach(i -> account(first + i));
            measure("R" + round, instalments);
        }
    }

    private void account(int number) {
        Opened ids = opened(
                from.toString(),
                from.plusYears(1).minusDays(1).toString(),
                "5200.00",
                LINE,
                "{\"sortCode\":\"200000\",\"accountNumber\":\"%08d\"}".formatted(number));
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/schedules".formatted(ids.accountId()),
                        "{\"scheduleId\":\"S%d\",\"lineId\":\"L1\",\"frequency\":\"WEEKLY\",\"firstPayOn\":\"%s\"}"
                                .formatted(number, from)));
    }

    private void measure(String runId, int instalments) throws Exception {
        String run = "/api/v1/payment-runs/" + runId;
        long head = head();
        long begun = System.nanoTime();
        int selected = created(runId);
        double selecting = since(begun);
        assertThat(selected).isEqualTo(instalments);

        begun = System.nanoTime();
        send("approver", "POST", run + "/approval", "{}", 200);
        JsonNode progress = awaitIssued(run);
        double issuing = since(begun);
        assertThat(progress.path("issued").asInt()).isEqualTo(instalments);

        begun = System.nanoTime();
        send("finance", "GET", run + "/file?format=pain.001.001.09", "", 200);
        double writing = since(begun);
        double plain = insertPlainly(head, instalments);
        System.out.printf(
                "%,d instalments: selected in %.1f s (%.0f us each), issued with their files in %.1f s (%.0f us each, %.0f a second), pain.001 read in %.1f s (%.0f us each); their events inserted and nothing else: %.2f s (%.0f us each); %.1f, %.1f and %.1f times%n",
                instalments,
                selecting,
                each(selecting, instalments),
                issuing,
                each(issuing, instalments),
                instalments / issuing,
                writing,
                each(writing, instalments),
                plain,
                each(plain, instalments),
                selecting / plain,
                issuing / plain,
                writing / plain);
    }

    /** On the first day from today on which banks pay. @return how many instalments are in the run, none of them held */
    private int created(String runId) throws Exception {
        for (LocalDate payDate = today; ; payDate = payDate.plusDays(1)) {
            HttpResponse<String> answer = send(
                    "finance",
                    "POST",
                    "/api/v1/payment-runs",
                    "{\"runId\":\"%s\",\"cutOff\":\"%s\",\"payDate\":\"%s\"}".formatted(runId, today, payDate),
                    201,
                    422,
                    409);
            if (answer.statusCode() == 201) {
                return new JsonMapper().readTree(answer.body()).path("count").asInt();
            }
            assertThat(answer.body()).contains("PAY_DATE_NOT_WORKING_DAY");
        }
    }

    private JsonNode awaitIssued(String run) throws InterruptedException {
        while (true) {
            JsonNode now = ok(finance().get(run + "?limit=1")).json();
            if (now.path("progress").path("toIssue").asInt() == 0
                    && now.path("files").size() == 2) {
                return now.path("progress");
            }
            Thread.sleep(100);
        }
    }

    private record Event(String stream, String name, String payload, String metadata) {}

    /** The payments of a run once more, so many at a time, each time in a transaction of its own; in seconds. */
    private double insertPlainly(long after, int payments) {
        List<Event> events =
                jdbc.sql("""
                        SELECT stream_id AS stream, name, payload, metadata FROM event_log
                         WHERE position > :after AND name = 'account.payment-issued' ORDER BY position""").param("after", after).query(Event.class).list();
        assertThat(events).hasSize(payments);
        long begun = System.nanoTime();
        for (int i = 0; i < payments; i += BATCH) {
            List<Event> part = events.subList(i, Math.min(payments, i + BATCH));
            jdbc.sql("""
                            INSERT INTO plain_event (stream, name, payload, metadata)
                            SELECT * FROM unnest(:streams::text[], :names::text[], :payloads::text[], :metadata::text[])""")
                    .param("streams", column(part, Event::stream))
                    .param("names", column(part, Event::name))
                    .param("payloads", column(part, Event::payload))
                    .param("metadata", column(part, Event::metadata))
                    .update();
        }
        return since(begun);
    }

    private static String[] column(List<Event> events, Function<Event, String> column) {
        return events.stream().map(column).toArray(String[]::new);
    }

    /** However long it takes. */
    private HttpResponse<String> send(String user, String method, String path, String body, Integer... expected)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn((Object[]) expected);
        return answer;
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double each(double seconds, int of) {
        return seconds * 1e6 / of;
    }
}
