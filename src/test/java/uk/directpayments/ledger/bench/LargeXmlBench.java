package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.intake.LargeXml;
import uk.directpayments.ledger.intake.LargeXml.Filling;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildJvm;
import uk.directpayments.ledger.support.RunningLedger;

/** What a camt.053 file of 100 MB holds in memory while it is read, and while it is looked at over HTTP. */
class LargeXmlBench extends RunningLedger {

    private static final String HEAP = System.getProperty("bench.heap", "96m");

    @ParameterizedTest
    @EnumSource
    void aHundredMegabytesAreReadOrRefusedInASmallHeap(Filling filling) throws Exception {
        try (ChildJvm child = ChildJvm.start(LargeXml.class, List.of("-Xmx" + HEAP), filling.name())) {
            String end = child.await("END ");
            System.out.printf("%s of %,d bytes with a heap of %s: %s%n", filling, LargeXml.BYTES, HEAP, end);
            assertThat(end).matches("(READ|TOO_LARGE) .*");
        }
    }

    @Test
    void aHundredMegabytesAreLookedAtOverHttpAndMoreAreRefused() throws Exception {
        String account = opened("2026-01-01", "2026-12-31", "1000.00").accountId();
        System.out.printf("heap held before: %d MB%n", held());
        long begun = System.nanoTime();
        HttpResponse<String> answer = preview(account, LargeXml.BYTES);
        System.out.printf(
                "previewed in %.1f s; heap held after: %d MB, at most used on the way, garbage included: %d MB%n",
                (System.nanoTime() - begun) / 1e9, held(), peak());
        JsonNode preview = new JsonMapper().readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(preview.path("lines").asInt()).isGreaterThan(200_000);
        System.out.printf("%,d lines%n", preview.path("lines").asInt());

        HttpResponse<String> beyond = preview(account, 105_000_000);
        assertThat(beyond.statusCode()).isEqualTo(413);
        assertThat(new JsonMapper().readTree(beyond.body()).path("code").asString())
                .isEqualTo("TOO_LARGE");
        System.out.println("beyond the bound: " + beyond.body());
    }

    /** What is reachable, in megabytes. */
    private static long held() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum()
                >> 20;
    }

    private HttpResponse<String> preview(String account, int bytes) throws Exception {
        String[] form =
                new String(Caller.form(new byte[] {'@'}, "accountId", account), StandardCharsets.UTF_8).split("@");
        List<InputStream> parts = List.of(
                new ByteArrayInputStream(form[0].getBytes(StandardCharsets.UTF_8)),
                new LargeXml(Filling.ENTRIES, bytes),
                new ByteArrayInputStream(form[1].getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/statements/preview"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("finance:demo".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", Caller.FORM)
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new SequenceInputStream(Collections.enumeration(parts))))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
