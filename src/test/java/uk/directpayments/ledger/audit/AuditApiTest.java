package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** What a sceptic asks of a running ledger: the log, proofs, the journal, a pack to take away; and what is found when somebody meddles. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditApiTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Verification verification;

    @Autowired
    StoredEvents events;

    @Autowired
    TransparencyLog transparency;

    @Autowired
    Signing signing;

    @Autowired
    Home home;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    RequestMappingHandlerAdapter requestMappingHandlerAdapter;

    @TempDir
    Path directory;

    private Instant before = Instant.EPOCH;

    @BeforeAll
    void anAccountWithACorrection() {
        post("finance", "/people", "{'personId':'P','name':'Robin Example','dateOfBirth':'2012-05-01'}");
        post(
                "finance",
                "/budgets",
                "{'budgetId':'B','personId':'P','legalBasis':'CHILD_S17A','requestedOn':'2025-04-01','requestedBy':'Sam'}");
        post(
                "finance",
                "/budgets/B/indicative-amount",
                "{'amount':'5000.00','from':'2025-04-01','to':'2026-03-31','method':'RAS'}");
        post("approver", "/budgets/B/panel-decision", "{'outcome':'APPROVED','decidedOn':'2025-04-01'}");
        post(
                "finance",
                "/budgets/B/finalisation",
                "{'from':'2025-04-01','to':'2026-03-31','annualAmount':'5000.00','lines':[{'lineId':'L','fundingSource':'SOCIAL_CARE_CHILD','mode':'DIRECT_PAYMENT','category':'care','annualAmount':'5000.00'}]}");
        post("finance", "/budgets/B/consents", "{'recipientType':'PARENT','recipientName':'Sam','on':'2025-04-01'}");
        for (String account : List.of("A", "A_2.x")) {
            post(
                    "finance",
                    "/accounts",
                    "{'accountId':'" + account
                            + "','budgetId':'B','type':'BANK_ACCOUNT','holderType':'PARENT','openedOn':'2025-04-01'}");
        }
        post(
                "finance",
                "/accounts/A/payments",
                "{'lineId':'L','amount':'620.00','contribution':'20.00','on':'2025-04-07'}");
        post("finance", "/accounts/A/top-ups", "{'source':'PARENT_TOP_UP','amount':'50.00','on':'2025-04-08'}");
        post("finance", "/accounts/A/contributions", "{'amount':'20.00','on':'2025-04-09'}");
        post(
                "finance",
                "/accounts/A/expenditures",
                "{'expenditureId':'E1','amount':'100.00','on':'2025-04-20','payee':'Riding School','category':'Riding lessons, twice'}");
        before = Instant.now();
        post("finance", "/accounts/A/expenditures/E1/reversal", "{'reason':'It was ten pounds'}");
        post(
                "finance",
                "/accounts/A/expenditures",
                "{'expenditureId':'E2','amount':'10.00','on':'2025-04-20','payee':'Riding School'}");
    }

    // ── the log, and proofs ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    @Order(1)
    void theLogIsReadByWhomAndWhatItConcerns() {
        JsonNode all = get("/audit/events?limit=500");
        assertThat(all.path("items")
                        .valueStream()
                        .map(event -> event.path("position").asLong()))
                .isSorted()
                .hasSizeGreaterThan(12);
        assertThat(all.path("next").isNull()).isTrue();
        JsonNode page = get("/audit/events?limit=2&accountId=A");
        assertThat(page.path("items")).hasSize(2);
        JsonNode rest = get(
                "/audit/events?limit=500&accountId=A&after=" + page.path("next").asLong());
        JsonNode reversal = rest.path("items")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("account.expenditure-reversed"))
                .findFirst()
                .orElseThrow();
        assertThat(reversal.path("payload").path("reason").asString()).isEqualTo("It was ten pounds");
        assertThat(reversal.path("recordedBy").asString()).isEqualTo("finance");
        assertThat(reversal.path("occurredOn").asString()).isEqualTo("2025-04-20");
        assertThat(get("/audit/events?type=budget.finalised&budgetId=B").path("items"))
                .hasSize(1);
        assertThat(get("/audit/events?personId=nobody").path("items")).isEmpty();
        assertThat(Caller.as("auditor", port)
                        .get("/api/v1/audit/events?limit=0")
                        .code())
                .isEqualTo("FIELD_INVALID");
        assertThat(Caller.as("support", port).get("/api/v1/audit/events").status())
                .isEqualTo(403);
    }

    @Test
    @Order(2)
    void theCheckpointIsSignedAndEveryEventIsProvedToBeInIt() throws Exception {
        JsonNode first = get("/audit/checkpoint");
        assertThat(get("/audit/checkpoint")).as("nothing new, nothing signed").isEqualTo(first);
        String note = Caller.as("auditor", port)
                .get("/api/v1/audit/checkpoint", "Accept", "text/plain")
                .response()
                .body();
        assertThat(note).isEqualTo(first.path("note").asString());
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(
                        Base64.getDecoder().decode(first.path("publicKey").asString()))));
        verifier.update(note.substring(0, note.indexOf("\n\n") + 1).getBytes(StandardCharsets.UTF_8));
        assertThat(verifier.verify(
                        Base64.getDecoder().decode(first.path("signature").asString())))
                .isTrue();

        long size = first.path("size").asLong();
        for (long position = 1; position <= size; position++) {
            JsonNode proof = get("/audit/proofs/inclusion?position=" + position + "&size=" + size);
            byte[] hash = HexFormat.of().parseHex(proof.path("leafHash").asString());
            long fn = position - 1;
            long sn = size - 1;
            for (JsonNode step : proof.path("hashes")) {
                byte[] other = HexFormat.of().parseHex(step.asString());
                if ((fn & 1) == 1 || fn == sn) {
                    hash = Merkle.node(other, hash);
                    while ((fn & 1) == 0 && fn != 0) {
                        fn >>= 1;
                        sn >>= 1;
                    }
                } else {
                    hash = Merkle.node(hash, other);
                }
                fn >>= 1;
                sn >>= 1;
            }
            assertThat(HexFormat.of().formatHex(hash))
                    .isEqualTo(first.path("rootHash").asString());
        }
        topUp();
        JsonNode second = get("/audit/checkpoint");
        assertThat(second.path("size").asLong()).isGreaterThan(size);
        JsonNode consistency = get("/audit/proofs/consistency?from=" + size + "&to="
                + second.path("size").asLong());
        assertThat(consistency.path("fromRoot")).isEqualTo(first.path("rootHash"));
        assertThat(consistency.path("toRoot")).isEqualTo(second.path("rootHash"));
        assertThat(Caller.as("auditor", port)
                        .get("/api/v1/audit/proofs/inclusion?position=99999")
                        .code())
                .isEqualTo("FIELD_INVALID");
    }

    /** It is written when the tree has been brought up to the log, and before the page is read. */
    @Test
    @Order(2)
    void anEventThatIsWrittenWhileTheLogIsReadIsOnTheNextPage() {
        long head = get("/audit/checkpoint").path("size").asLong();
        StoredEvents meanwhile = (StoredEvents) Proxy.newProxyInstance(
                StoredEvents.class.getClassLoader(),
                new Class<?>[] {StoredEvents.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("page")) {
                        post("finance", "/people", "{'personId':'P2','name':'Late','dateOfBirth':'2012-05-01'}");
                    }
                    return method.invoke(events, arguments);
                });
        AuditApi.Events page = new AuditApi(meanwhile, transparency, verification, signing)
                .events(head - 1, null, null, null, null, null);
        assertThat(page.items()).extracting(AuditApi.EventView::position).containsExactly(head);
        assertThat(page.next()).isNull();
        assertThat(get("/audit/events?after=" + head)
                        .path("items")
                        .path(0)
                        .path("personId")
                        .asString())
                .isEqualTo("P2");
    }

    @Test
    @Order(3)
    void aBalanceIsExplainedWithWhatWasCorrectedSince() {
        JsonNode then = get("/accounts/A/balance/explanation?asOf=2025-04-30&knownAt=" + before);
        assertThat(then.path("balance").asString()).isEqualTo("570.00");
        assertThat(then.path("events")).hasSize(4);
        assertThat(then.path("corrections")
                        .valueStream()
                        .map(step -> step.path("type").asString()))
                .startsWith("account.expenditure-reversed", "account.expenditure-recorded");
        assertThat(then.path("corrections").path(0).path("reason").asString()).isEqualTo("It was ten pounds");
        assertThat(then.path("corrections").path(0).path("recordedBy").asString())
                .isEqualTo("finance");
        assertThat(then.path("balanceNow").asString()).isEqualTo("661.00");
        assertThat(Caller.as("auditor", port)
                        .get("/api/v1/accounts/none/balance/explanation")
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(3)
    void aPeriodAgreesWithTheBankOrTheDifferenceIsSaid() {
        String balance =
                get("/accounts/A/balance?asOf=2025-04-30").path("balance").asString();
        String period = "{'from':'2025-04-01','to':'2025-04-30','bankBalance':'%s'}";
        Answer differs = Caller.as("finance", port).tell("/api/v1/accounts/A/reconciliations", period, "1.00");
        assertThat(differs.code()).isEqualTo("AMOUNTS_DIFFER");
        post("finance", "/accounts/A/reconciliations", period.formatted(balance));
        assertThat(get("/accounts/A/reconciliations")
                        .path("items")
                        .path(0)
                        .path("balance")
                        .asString())
                .isEqualTo(balance);
    }

    // ── what leaves the ledger ───────────────────────────────────────────────────────────────────────────────────

    @Test
    @Order(4)
    void theJournalBalancesInHledgerToThePenny() throws Exception {
        Path file = directory.resolve("journal.hledger");
        Files.writeString(file, text("/audit/journal?format=hledger"));
        assertThat(Files.readString(file)).contains("event:account.payment-issued, seq:", "known:20");
        assertThat(text("/audit/journal?format=beancount&accountId=A"))
                .contains("Assets:Recipient:A:SOCIAL-CARE-CHILD");
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/hledger")),
                "HLEDGER IS NOT INSTALLED: the journal was not checked with it (apt-get install hledger)");
        assertThat(hledger(file, "check")).isEmpty();
        for (String view : List.of("", "&asOf=2025-04-08", "&knownAt=" + before)) {
            Files.writeString(file, text("/audit/journal?accountId=A" + view));
            assertThat(heldByHledger(file))
                    .isEqualTo(get("/accounts/A/balance" + view.replaceFirst("&", "?"))
                            .path("balance")
                            .asString());
        }
    }

    @Test
    @Order(5)
    void aStatementOfAPeriodIsAPdf() throws Exception {
        byte[] pdf = bytes("/accounts/A/statement.pdf?from=2025-04-01&to=2025-04-30");
        assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        assertThat(pdf.length).isGreaterThan(1_000);
        assertThat(Caller.as("auditor", port)
                        .get("/api/v1/accounts/none/statement.pdf")
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(5)
    void aPeriodThatEndsBeforeItBeginsIsRefused() throws Exception {
        for (String path : List.of(
                "/accounts/A/transactions?from=2025-05-01&to=2025-04-30",
                "/accounts/A/statement.pdf?from=2025-05-01&to=2025-04-30",
                "/accounts/A/statement.pdf?from=2025-05-01&asOf=2025-04-30",
                "/accounts/A/statement.pdf?from=2199-01-01",
                "/audit/evidence-pack?accountId=A&from=2025-05-01&to=2025-04-30",
                "/audit/evidence-pack?accountId=A&from=2025-05-01&to=2025-05-31&asOf=2025-04-30",
                "/audit/evidence-pack?sample=1&seed=7&from=2199-01-01",
                "/audit/reads?from=2025-05-01&to=2025-04-30")) {
            Answer refused = Caller.as("auditor", port).get("/api/v1" + path);
            assertThat(refused.status()).as(path + " " + refused).isEqualTo(400);
            assertThat(refused.code()).as(path).isEqualTo("FIELD_INVALID");
        }
        assertThat(get("/accounts/A/transactions?from=2199-01-01").path("items"))
                .as("a list of days to come is empty")
                .isEmpty();
        assertThat(bytes("/accounts/A/statement.pdf?asOf=2025-03-31"))
                .as("before the account was opened")
                .isNotEmpty();
    }

    @Test
    @Order(5)
    void aPackIsCheckedByAStrangerWithNothingButAJdk() throws Exception {
        String hash = "5e".repeat(32);
        String other = "6f".repeat(32);
        post("finance", "/accounts/A/returns", "{'returnId':'RT1','period':'2025-Q1','due':'2025-07-31'}");
        post(
                "finance",
                "/accounts/A/returns/RT1/receipt",
                "{'on':'2025-08-01','documents':[{'sha256':'" + hash + "','name':'june.pdf'},{'sha256':'" + other
                        + "','name':'may.pdf'}]}");
        String bank = "Date,Description,Amount,Reference\n2025-04-20,Riding School,-10.00,R1\n";
        Answer sent = Caller.as("finance", port).upload("/api/v1/statements", bank, "accountId", "A");
        assertThat(sent.json().path("state").asString()).as(sent.toString()).isEqualTo("FINISHED");
        String file = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(bank.getBytes(StandardCharsets.UTF_8)));
        byte[] pack = bytes("/audit/evidence-pack?accountId=A");
        Map<String, byte[]> files = unzipped(pack);
        assertThat(files.keySet())
                .contains(
                        "README.txt",
                        "Verify.java",
                        "events.jsonl",
                        "checkpoint.txt",
                        "public-key.txt",
                        "statement.csv",
                        "journal.hledger",
                        "policies.json",
                        "manifest.txt");
        assertThat(new String(files.get("statement.csv"), StandardCharsets.UTF_8))
                .contains("Riding School", "-10.00");
        assertThat(new String(files.get("policies.json"), StandardCharsets.UTF_8))
                .contains("2025-default");
        assertThat(new String(files.get("documents.txt"), StandardCharsets.UTF_8).lines())
                .containsExactlyInAnyOrder(hash, other, file);
        Files.write(directory.resolve("Verify.java"), files.get("Verify.java"));
        Path good = Files.write(directory.resolve("good.zip"), pack);
        assertThat(verify(good)).startsWith("0 OK: ");

        String events = new String(files.get("events.jsonl"), StandardCharsets.UTF_8);
        files.put("events.jsonl", events.replace("620.00", "520.00").getBytes(StandardCharsets.UTF_8));
        Path bad = Files.write(directory.resolve("bad.zip"), zipped(files));
        assertThat(verify(bad)).startsWith("1 NOT OK: the event at position");
        assertThat(verify(directory.resolve("nowhere.zip")))
                .startsWith("1 NOT OK: it cannot be read: ")
                .doesNotContain("Exception in thread");

        assertThat(unzipped(bytes("/audit/evidence-pack?sample=1&seed=7")).keySet())
                .contains("events.jsonl");
        assertThat(Caller.as("auditor", port).get("/api/v1/audit/evidence-pack").code())
                .isEqualTo("FIELD_INVALID");
    }

    @Test
    @Order(5)
    void aPackFromWhichAnEventWasTakenOrWhoseReadableFormWasChangedIsNotOk() throws Exception {
        Map<String, byte[]> files = unzipped(bytes("/audit/evidence-pack?accountId=A"));
        Path program = Files.write(directory.resolve("Verify.java"), files.get("Verify.java"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", directory.toString(), program.toString()))
                .isZero();
        Method check = new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)
                .loadClass("Verify")
                .getDeclaredMethod("check", ZipFile.class, String.class);
        check.setAccessible(true);
        for (String[] meddling : new String[][] {
            {
                "events.jsonl",
                "\\{[^\n]*account.expenditure-recorded[^\n]*\n",
                "",
                "of account/A the event with the sequence"
            },
            {"events.jsonl", "(\\{[^\n]*account.payment-issued[^\n]*\n)", "$1$1", "is in the pack twice"},
            {"events.jsonl", "(?s).*", "", "the pack has no event of account/A"},
            {"events.jsonl", "\\A\\{", "{\"payload\":\"{}\",", "says payload twice"},
            {"readable.jsonl", "620\\.00", "520.00", "does not say what events.jsonl says"},
            {"readable.jsonl", "\"role\":\"FINANCE\"", "\"role\":\"ADMIN\"", "does not say what events.jsonl says"},
            {
                "readable.jsonl",
                "\"payload\":\\{",
                "\"payload\":{\"waived\":\"yes\",",
                "does not say what events.jsonl says"
            },
            {"readable.jsonl", "\\A[^\n]*\n", "", "readable.jsonl lacks position"}
        }) {
            Map<String, byte[]> changed = new TreeMap<>(files);
            String text = new String(files.get(meddling[0]), StandardCharsets.UTF_8);
            String other = text.replaceFirst(meddling[1], meddling[2]);
            assertThat(other).as(meddling[1]).isNotEqualTo(text);
            changed.put(meddling[0], other.getBytes(StandardCharsets.UTF_8));
            assertThat(said(check, Files.write(directory.resolve("meddled.zip"), zipped(changed))))
                    .as(meddling[1])
                    .startsWith("NOT OK: ")
                    .contains(meddling[3]);
        }
        String whole = said(check, Files.write(directory.resolve("whole.zip"), zipped(files)));
        assertThat(whole).startsWith("OK: ").contains("account/A: its first ", " events, none left out");
    }

    @Test
    @Order(5)
    void theProofsOfAPackAreThoseOfEachEventAndAreReadByOneStatementAPage() throws Exception {
        Map<String, byte[]> files = unzipped(bytes("/audit/evidence-pack?accountId=A"));
        long size = Long.parseLong(new String(files.get("checkpoint.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList()
                .get(1));
        Map<Long, List<String>> proofs = new TreeMap<>();
        new String(files.get("events.jsonl"), StandardCharsets.UTF_8).lines().forEach(line -> {
            JsonNode event = JsonMapper.shared().readTree(line);
            proofs.put(
                    Long.parseLong(event.path("position").asString()),
                    event.path("proof").valueStream().map(JsonNode::asString).toList());
        });
        assertThat(proofs).hasSizeGreaterThan(5);
        proofs.forEach(
                (position, proof) -> assertThat(get("/audit/proofs/inclusion?position=" + position + "&size=" + size)
                                .path("hashes")
                                .valueStream()
                                .map(JsonNode::asString))
                        .as("position " + position)
                        .isEqualTo(proof));

        AtomicInteger statements = new AtomicInteger();
        JdbcClient counting = (JdbcClient) Proxy.newProxyInstance(
                JdbcClient.class.getClassLoader(), new Class<?>[] {JdbcClient.class}, (proxy, method, arguments) -> {
                    statements.incrementAndGet();
                    return method.invoke(jdbc, arguments);
                });
        assertThat(node(home, counting).inclusions(proofs.keySet(), size)).isEqualTo(proofs);
        assertThat(statements).hasValue(1);
    }

    /** Tomcat's own limit is 30 s, from the beginning of the request on. */
    @Test
    @Order(5)
    void anExportIsNotCutOffForHalfAnHour() {
        assertThat(ReflectionTestUtils.getField(requestMappingHandlerAdapter, "asyncRequestTimeout"))
                .isEqualTo(TimeUnit.MINUTES.toMillis(30));
    }

    @Test
    @Order(5)
    void aPackOfOneAccountTakesNoSampleThatItWouldNotHeed() {
        for (String sample : List.of("&sample=5&seed=1", "&sample=5", "&seed=1")) {
            Answer refused = Caller.as("auditor", port).get("/api/v1/audit/evidence-pack?accountId=A" + sample);
            assertThat(refused.status()).as(sample).isEqualTo(400);
            assertThat(refused.code()).as(sample).isEqualTo("FIELD_UNKNOWN");
        }
    }

    @Test
    @Order(5)
    void theJournalOfAPackEndsWithItsStatementAndThePackSaysWhatItIsAsOf() throws Exception {
        byte[] pack = bytes(
                "/audit/evidence-pack?accountId=A&from=2025-04-09&to=2025-04-19&asOf=2025-06-30&knownAt=" + before);
        Map<String, byte[]> files = unzipped(pack);
        assertThat(new String(files.get("manifest.txt"), StandardCharsets.UTF_8))
                .contains("from 2025-04-09 to 2025-04-19\n", "as of 2025-06-30, known at " + before + "\n");
        assertThat(new String(files.get("statement.csv"), StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("2025-04-09", "CONTRIBUTION", ",20.00,670.00,");
        Path journal = Files.write(directory.resolve("pack.hledger"), files.get("journal.hledger"));
        assertThat(journal).content().contains("2025-04-07 *").doesNotContain("2025-04-20");
        assertThat(new String(files.get("events.jsonl"), StandardCharsets.UTF_8))
                .as("all events, also those of later days and recorded since")
                .contains("account.expenditure-recorded", "account.expenditure-reversed");
        Files.write(directory.resolve("Verify.java"), files.get("Verify.java"));
        assertThat(verify(Files.write(directory.resolve("days.zip"), pack))).startsWith("0 OK: ");
        assertThat(new String(
                        unzipped(bytes("/audit/evidence-pack?accountId=A&to=2199-01-01&asOf=2025-06-30"))
                                .get("manifest.txt"),
                        StandardCharsets.UTF_8))
                .contains("from the beginning to 2025-06-30\n", "as of 2025-06-30, with all that was recorded\n");
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/hledger")),
                "HLEDGER IS NOT INSTALLED: the journal was not checked with it (apt-get install hledger)");
        assertThat(heldByHledger(journal)).isEqualTo("670.00");
    }

    @Test
    @Order(6)
    void anAuditOfASampleIsOpenedFoundAndClosed() {
        JsonNode opened = post("auditor", "/audits", "{'auditId':'AU','seed':7,'size':1}");
        assertThat(opened.path("accounts")).hasSize(1);
        post("auditor", "/audits/AU/findings", "{'accountId':'A','finding':'receipt missing'}");
        post("auditor", "/audits/AU/findings", "{'finding':'returns are filed late'}");
        assertThat(Caller.as("auditor", port)
                        .post("/api/v1/audits/AU/findings", "{\"accountId\":\"nowhere\",\"finding\":\"x\"}")
                        .code())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        post("auditor", "/audits/AU/closure", "{'conclusion':'one finding'}");
        assertThat(Caller.as("auditor", port)
                        .post("/api/v1/audits/AU/closure", "{}")
                        .code())
                .isEqualTo("AUDIT_CLOSED");
    }

    // ── meddling ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    @Order(7)
    void everyMeddlingWithTheLogIsFoundAndNamed() throws Exception {
        get("/audit/checkpoint");
        assertThat(verification().path("ok").asBoolean()).isTrue();
        for (String column : jdbc.sql(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = 'event_log' AND table_schema = 'public'")
                .query(String.class)
                .list()) {
            if (column.equals("position")) {
                continue;
            }
            String value = switch (column) {
                case "sequence" -> "sequence + 1000";
                case "recorded_at" -> "recorded_at + interval '1 ms'";
                case "payload" -> "payload || ' '";
                case "metadata" -> "regexp_replace(metadata, '\"role\": ?\"', '\"role\":\"X')";
                case "request_key" -> "'meddled'";
                default -> column + " || 'x'";
            };
            meddled("UPDATE event_log SET " + column + " = " + value + " WHERE position = 9", column, 9L);
        }
        meddled(
                "UPDATE event_log SET metadata = regexp_replace(metadata, '\"role\": ?\"[A-Z]*\"', '\"role\":null') WHERE position = 9",
                "nobody's role",
                9L);
        meddled("UPDATE event_log SET metadata = 'null' WHERE position = 9", "no metadata", 9L);
        meddled("UPDATE event_log SET recorded_at = 'infinity' WHERE position = 9", "never recorded", 9L);
        meddled("DELETE FROM event_log WHERE position = 9", "taken away", 9L);
        meddled(
                "UPDATE event_log SET position = CASE position WHEN 9 THEN -9 ELSE position END WHERE position = 9;"
                        + "UPDATE event_log SET position = 9 WHERE position = 10; UPDATE event_log SET position = 10 WHERE position = -9",
                "moved",
                9L);
        long head = jdbc.sql("SELECT max(position) FROM event_log")
                .query(Long.class)
                .single();
        meddled("DELETE FROM event_log WHERE position = " + head, "cut", head);
        meddled("UPDATE audit_checkpoint SET root_hash = 'none'", "no root", null);
        meddled("UPDATE audit_checkpoint SET signature = '!'", "no signature", null);
        assertThat(verification().path("ok").asBoolean()).isTrue();
    }

    @Test
    @Order(8)
    void aLogThatIsNotWhatWasSignedIsNeverSignedAgain() {
        long size = get("/audit/checkpoint").path("size").asLong();
        jdbc.sql("CREATE TABLE kept AS SELECT * FROM event_log WHERE position = " + size)
                .update();
        jdbc.sql("DELETE FROM event_log WHERE position = " + size).update();
        Answer refused = Caller.as("auditor", port).get("/api/v1/audit/checkpoint");
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("FIGURE_UNAVAILABLE");
        jdbc.sql("INSERT INTO event_log SELECT * FROM kept").update();
        assertThat(get("/audit/checkpoint").path("size").asLong()).isEqualTo(size);
    }

    @Test
    @Order(8)
    void anEventThatWasChangedSinceItWasSignedIsNotShownBesideTheProofOfTheOriginal() {
        long size = get("/audit/checkpoint").path("size").asLong();
        String of = " FROM event_log WHERE name = 'account.payment-issued'";
        long position = jdbc.sql("SELECT min(position)" + of).query(Long.class).single();
        String change = "UPDATE event_log SET payload = replace(payload, '%s', '%s') WHERE position = " + position;
        assertThat(jdbc.sql(change.formatted("620.00", "520.00")).update()).isEqualTo(1);
        for (String path :
                List.of("/audit/events?accountId=A&limit=500", "/audit/events?limit=1&after=" + (position - 1))) {
            Answer refused = Caller.as("auditor", port).get("/api/v1" + path);
            assertThat(refused.status()).as(path + " " + refused).isEqualTo(503);
            assertThat(refused.code()).as(path).isEqualTo("FIGURE_UNAVAILABLE");
            assertThat(refused.toString()).as(path).contains("the event at position " + position + " is not the one");
        }
        assertThat(get("/audit/events?limit=1&after=" + position).path("items"))
                .as("the others are shown")
                .hasSize(1);
        assertThat(get("/audit/checkpoint").path("size").asLong())
                .as("to sign, what has been hashed is not read again")
                .isEqualTo(size);
        jdbc.sql(change.formatted("520.00", "620.00")).update();
        assertThat(get("/audit/events?accountId=A&limit=500").path("items")).isNotEmpty();
    }

    @Test
    @Order(8)
    void aLogWithAHoleBehindWhatWasSignedIsNotSignedUntilTheEventIsBack() throws Exception {
        long signed = get("/audit/checkpoint").path("size").asLong();
        topUp();
        topUp();
        get("/accounts/A/balance");
        jdbc.sql("CREATE TABLE kept_hole AS SELECT * FROM event_log WHERE position = " + (signed + 1))
                .update();
        jdbc.sql("DELETE FROM event_log WHERE position = " + (signed + 1)).update();
        for (String path : List.of("/audit/checkpoint", "/audit/events", "/audit/proofs/inclusion?position=1")) {
            Answer refused = Caller.as("auditor", port).get("/api/v1" + path);
            assertThat(refused.status()).as(path + " " + refused).isEqualTo(503);
            assertThat(refused.code()).as(path).isEqualTo("FIGURE_UNAVAILABLE");
        }
        jdbc.sql("INSERT INTO event_log SELECT * FROM kept_hole").update();
        assertThat(get("/audit/checkpoint").path("size").asLong()).isEqualTo(signed + 2);
        assertThat(verification().path("ok").asBoolean()).isTrue();
    }

    @Test
    @Order(8)
    void anEventThatCannotBeReadBehindWhatWasSignedIsNotSigned() {
        long signed = get("/audit/checkpoint").path("size").asLong();
        topUp();
        get("/accounts/A/balance");
        String metadata = jdbc.sql("SELECT metadata FROM event_log WHERE position = " + (signed + 1))
                .query(String.class)
                .single();
        String change = "UPDATE event_log SET metadata = ? WHERE position = " + (signed + 1);
        for (String unreadable : List.of("{\"role\":null}", "{\"role\":{}}", "null")) {
            jdbc.sql(change).param(unreadable).update();
            for (String path : List.of("/audit/checkpoint", "/audit/events")) {
                Answer refused = Caller.as("auditor", port).get("/api/v1" + path);
                assertThat(refused.status()).as(unreadable + path + refused).isEqualTo(503);
                assertThat(refused.code()).as(path).isEqualTo("FIGURE_UNAVAILABLE");
            }
        }
        jdbc.sql(change).param(metadata).update();
        assertThat(get("/audit/checkpoint").path("size").asLong()).isEqualTo(signed + 1);
    }

    @Test
    @Order(8)
    void aNodeSignsNoLogThatWasChangedSinceAnotherNodeSignedIt() throws Exception {
        get("/audit/checkpoint");
        try (Home behind = Home.open(directory.resolve("behind"));
                Home asleep = Home.open(directory.resolve("asleep"))) {
            for (Home other : List.of(behind, asleep)) {
                Files.copy(home.resolve("checkpoint"), other.resolve("checkpoint"));
            }
            topUp();
            long size = get("/audit/checkpoint").path("size").asLong();
            TransparencyLog node = node(behind, jdbc);
            node.adopt();
            assertThat(node.lastSigned()).isEqualTo(transparency.lastSigned());

            get("/accounts/A/balance");
            jdbc.sql("UPDATE event_log SET payload = payload || ' ' WHERE position = " + size)
                    .update();
            jdbc.sql("DELETE FROM audit_node").update();
            assertThatThrownBy(() -> node(asleep, jdbc).checkpoint())
                    .as("it has not looked since, but the checkpoint is there to be seen")
                    .hasMessageContaining("not what was signed");
            jdbc.sql("DELETE FROM audit_checkpoint WHERE size = " + size).update();
            assertThatThrownBy(node::checkpoint).hasMessageContaining("not what was signed");

            jdbc.sql("UPDATE event_log SET payload = rtrim(payload) WHERE position = " + size)
                    .update();
            assertThat(node.checkpoint()).isEqualTo(transparency.checkpoint());
        }
    }

    @Test
    @Order(8)
    void aNodeTakesOverNoCheckpointThatItsKeyHasNotSignedAndNoneThatTheTreeContradicts() throws Exception {
        get("/audit/checkpoint");
        try (Home behind = Home.open(directory.resolve("deceived"))) {
            Path file = Files.copy(home.resolve("checkpoint"), behind.resolve("checkpoint"));
            String kept = Files.readString(file);
            topUp();
            long size = get("/audit/checkpoint").path("size").asLong();
            TransparencyLog node = node(behind, jdbc);
            jdbc.sql("UPDATE audit_checkpoint SET signed_at = signed_at + interval '1 s' WHERE size = " + size)
                    .update();
            node.adopt();
            assertThat(file).hasContent(kept);
            jdbc.sql("UPDATE audit_checkpoint SET signed_at = signed_at - interval '1 s' WHERE size = " + size)
                    .update();

            String leaf = "UPDATE audit_node SET hash = sha256(hash) WHERE level = 0 AND index = " + (size - 1);
            byte[] hash = transparency.leaf(size);
            jdbc.sql(leaf).update();
            assertThatThrownBy(node::adopt).hasMessageContaining("not what was signed");
            assertThat(file).hasContent(kept);
            jdbc.sql("UPDATE audit_node SET hash = ? WHERE level = 0 AND index = " + (size - 1))
                    .param(hash)
                    .update();
            node.adopt();
            assertThat(node.lastSigned()).isEqualTo(transparency.lastSigned());
        }
    }

    @Test
    @Order(9)
    void aTreeThatWasKeptAsTextHasTheSameHashesAfterItsMigration() throws Exception {
        jdbc.sql("CREATE SCHEMA before").update();
        jdbc.sql(
                        "CREATE TABLE before.audit_node (level integer, index bigint, hash text NOT NULL, PRIMARY KEY (level, index))")
                .update();
        jdbc.sql("INSERT INTO before.audit_node SELECT level, index, encode(hash, 'hex') FROM audit_node")
                .update();
        jdbc.sql("INSERT INTO before.audit_node VALUES (1, 0, 'ab'), (2, 0, 'cd'), (3, 0, 'ef')")
                .update();
        String migration = Files.readString(Path.of("src/main/resources/db/migration/V81__audit_node_bytes.sql"));
        for (String statement :
                migration.replace("audit_node", "before.audit_node").split(";\n")) {
            jdbc.sql(statement).update();
        }
        assertThat(jdbc.sql(
                                "(TABLE before.audit_node EXCEPT ALL TABLE audit_node) UNION ALL (TABLE audit_node EXCEPT ALL TABLE before.audit_node)")
                        .query()
                        .listOfRows())
                .isEmpty();
        jdbc.sql("DROP SCHEMA before CASCADE").update();
    }

    /** The last of all: what was known of the log in memory is of no more use. */
    @Test
    @Order(99)
    void anOldBackupUnderARunningLedgerIsFoundAndNothingIsAnsweredFromMemory() throws Exception {
        assertThat(get("/accounts/A/balance").path("balance").asString()).isNotEmpty();
        long head = jdbc.sql("SELECT max(position) FROM event_log")
                .query(Long.class)
                .single();
        jdbc.sql("DELETE FROM event_log WHERE position = " + head).update();
        for (String table : List.of("audit_node", "audit_checkpoint")) {
            jdbc.sql("DELETE FROM " + table).update();
        }
        jdbc.sql("UPDATE event_log_head SET position = position - 1").update();
        JsonNode found = verification();
        assertThat(found.path("ok").asBoolean(true)).as(found.toString()).isFalse();
        assertThat(found.path("firstBadPosition").asLong()).isEqualTo(head);
        Caller finance = Caller.as("finance", port);
        for (Answer answer : List.of(
                finance.get("/api/v1/accounts/A/balance"),
                finance.get("/api/v1/accounts?limit=1"),
                finance.get("/api/v1/accounts/A/balance?knownAt=" + before),
                finance.post(
                        "/api/v1/accounts/A/top-ups",
                        "{\"source\":\"PARENT_TOP_UP\",\"amount\":\"1.00\",\"on\":\"2025-05-01\"}"))) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("BUSY");
            assertThat(answer.toString()).contains("until it is started again");
        }
        assertThat(finance.get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(finance.get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    /** @param position that is named, or null: none */
    private void meddled(String sql, String what, @Nullable Long position) throws Exception {
        jdbc.sql("DROP TABLE IF EXISTS kept_log, kept_node, kept_checkpoint, kept_head")
                .update();
        for (String table : List.of("log", "head")) {
            jdbc.sql("CREATE TABLE kept_" + table + " AS SELECT * FROM event_log"
                            + (table.equals("log") ? "" : "_head"))
                    .update();
        }
        jdbc.sql("CREATE TABLE kept_node AS SELECT * FROM audit_node").update();
        jdbc.sql("CREATE TABLE kept_checkpoint AS SELECT * FROM audit_checkpoint")
                .update();
        for (String statement : sql.split(";")) {
            jdbc.sql(statement).update();
        }
        JsonNode found = verification();
        jdbc.sql("DELETE FROM event_log").update();
        jdbc.sql("INSERT INTO event_log SELECT * FROM kept_log").update();
        jdbc.sql("UPDATE event_log_head SET position = (SELECT position FROM kept_head)")
                .update();
        jdbc.sql("DELETE FROM audit_node").update();
        jdbc.sql("INSERT INTO audit_node SELECT * FROM kept_node").update();
        jdbc.sql("DELETE FROM audit_checkpoint").update();
        jdbc.sql("INSERT INTO audit_checkpoint SELECT * FROM kept_checkpoint").update();
        assertThat(found.path("ok").asBoolean(true)).as(what + " " + found).isFalse();
        assertThat(found.path("firstBadPosition").asString(""))
                .as(what + " " + found)
                .isEqualTo(position == null ? "" : position.toString());
    }

    @Test
    void noTwoAccountsHaveOneNameInBeancount() {
        assertThat(JournalExport.beancount("assets:recipient:ACC-1:SOCIAL_CARE_CHILD"))
                .isEqualTo("Assets:Recipient:ACC-1:SOCIAL-CARE-CHILD");
        assertThat(Stream.of("a.b", "a_b", "a-b", "A-b", "-a", "_a")
                        .map(id -> JournalExport.beancount("assets:recipient:" + id + ":NHS_CONTINUING_CARE")))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("Assets:Recipient:[A-Z0-9][A-Za-z0-9-]*:NHS-CONTINUING-CARE"));
    }

    @Test
    @Order(9)
    void aVerificationThatIsAskedForAgainUnderTheSameKeyIsTheSame() throws Exception {
        Caller auditor = Caller.as("auditor", port);
        String path = "/api/v1/audit/verifications";
        Answer first = auditor.post(path, "{}", "Idempotency-Key", "the-same");
        assertThat(first.status()).as(first.toString()).isEqualTo(201);
        Answer again = auditor.post(path, "{}", "Idempotency-Key", "the-same");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        Answer reused = auditor.post(path, "{\"why\":\"another body\"}", "Idempotency-Key", "the-same");
        assertThat(reused.status()).isEqualTo(422);
        assertThat(reused.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        ended(first.json().path("verificationId").asString());
        assertThat(auditor.post(path, "{}", "Idempotency-Key", "the-same").json())
                .isEqualTo(first.json());
    }

    /** What a log of more than 5,000 events does. */
    @Test
    @Order(10)
    void aVerificationTellsHowFarItHasComeWithoutDisturbingItsReading() throws Exception {
        ReflectionTestUtils.setField(verification, "progressEvents", 3);
        JsonNode ended = verification();
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("DONE");
        assertThat(ended.path("events").asLong()).isGreaterThan(3);
    }

    /** The transparency log of a node with that home. */
    private TransparencyLog node(Home of, JdbcClient database) {
        return new TransparencyLog(
                events,
                signing,
                database,
                transactions,
                of,
                Clock.systemUTC(),
                () -> Double.NaN,
                new SimpleMeterRegistry());
    }

    private void topUp() {
        post("finance", "/accounts/A/top-ups", "{'source':'PARENT_TOP_UP','amount':'1.00','on':'2025-04-08'}");
    }

    private JsonNode verification() throws Exception {
        return ended(post("auditor", "/audit/verifications", "{}")
                .path("verificationId")
                .asString());
    }

    private JsonNode ended(String id) throws Exception {
        for (int i = 0; i < 200; i++) {
            JsonNode result = get("/audit/verifications/" + id);
            if (!result.path("state").asString().equals("RUNNING")) {
                return result;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the verification did not end");
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private static String hledger(Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/hledger", "-f", file.toString()));
        command.addAll(List.of(arguments));
        return run(command).substring(2);
    }

    /** What account A holds. */
    private static String heldByHledger(Path file) throws Exception {
        return hledger(file, "balance", "assets:recipient:A", "-N", "--format", "%(total)")
                .lines()
                .map(line -> line.replace("GBP", "").replace(",", "").strip())
                .map(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .toPlainString();
    }

    private String verify(Path pack) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return run(List.of(java, directory.resolve("Verify.java").toString(), pack.toString()));
    }

    /** What the compiled program says, or why not. */
    private static String said(Method check, Path pack) throws Exception {
        try (ZipFile opened = new ZipFile(pack.toFile())) {
            String key = new String(
                    opened.getInputStream(opened.getEntry("public-key.txt")).readAllBytes(), StandardCharsets.UTF_8);
            return (String) check.invoke(null, opened, key.strip());
        } catch (InvocationTargetException not) {
            return "NOT OK: " + not.getCause().getMessage();
        }
    }

    /** Exit code, a blank, and what was printed. */
    private static String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + printed;
    }

    private static Map<String, byte[]> unzipped(byte[] pack) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] zipped(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private byte[] bytes(String path) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("auditor:demo".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                                .header("Authorization", "Basic " + credentials)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    private String text(String path) throws Exception {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    private JsonNode post(String user, String path, String body) {
        return Caller.as(user, port).tell("/api/v1" + path, body).ok().json();
    }

    private JsonNode get(String path) {
        return Caller.as("auditor", port).get("/api/v1" + path).ok().json();
    }
}
