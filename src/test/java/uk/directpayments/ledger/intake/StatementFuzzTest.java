package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.intake.BankFiles.camt;
import static uk.directpayments.ledger.intake.BankFiles.camtOf;
import static uk.directpayments.ledger.intake.BankFiles.entry;
import static uk.directpayments.ledger.intake.BankFiles.mt940;
import static uk.directpayments.ledger.intake.BankFiles.ofx;
import static uk.directpayments.ledger.intake.BankFiles.ofxLine;
import static uk.directpayments.ledger.intake.BankFiles.statement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * Files that are broken in every way: each is read, or refused with a code and words that repeat nothing of it, soon, and the same each time.
 * {@code fuzz.files} of them are read for each reader, {@code fuzz.sent} sent to the running ledger; {@code ./mvnw verify -Pfuzz} does many. A
 * failure names its seed.
 */
class StatementFuzzTest extends RunningLedger {

    private static final int FILES = Integer.getInteger("fuzz.files", 2_000);
    private static final int SENT = Integer.getInteger("fuzz.sent", 100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Set<String> REFUSALS =
            Set.of("STATEMENT_UNREADABLE", "STATEMENT_DOES_NOT_BALANCE", "CURRENCY_NOT_SUPPORTED", "TOO_LARGE");

    private static final List<String> WORDS = List.of(
            "<",
            ">",
            "</",
            "/>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]>",
            "&a;",
            "&#x0;",
            "&amp;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "\"",
            "\"\"",
            ",",
            ";",
            "\t",
            "\n",
            "\r",
            "\r\n\r\n",
            ":61:",
            ":60F:",
            ":62F:",
            ":86:",
            "-}",
            "<STMTTRN>",
            "</STMTTRN>",
            "<Ntry>",
            "</Ntry>",
            "<Stmt>",
            "</Stmt>",
            "<Bal>",
            "GBP",
            "EUR",
            "NaN",
            "1e9",
            "-0",
            "0.00",
            "999999999999999999999",
            "0.001",
            "2026-02-30",
            "20260230",
            "31/02/2026",
            "9999-12-31",
            "0000-00-00",
            "\u0000",
            "\uFEFF",
            "\u2028",
            "\uD83D\uDE00",
            "4111111111111111",
            "=1+1",
            "PURCHASE",
            "LOAD",
            "{",
            "}",
            "[",
            "]",
            ":[{",
            "\\u0000",
            "null",
            "DBIT",
            "CRDT",
            "RvslInd",
            "true");

    private static final StatementLimits LIMITS = new StatementLimits(10_000, 4_096, 100);

    /** A reader and whole files that it can read. */
    record Format(StatementReader reader, List<String> files, String mapping) {
        @Override
        public String toString() {
            return reader.format() + (mapping.isEmpty() ? "" : " mapped");
        }
    }

    static Stream<Format> formats() {
        String feedMapping = """
                {"accountRef":"Card","txnId":"Id","settledAt":"Posted","type":"What","amount":"Value","localTime":true,"dateOrder":"DMY",
                 "types":{"POS":"PURCHASE"},"unsigned":true}""";
        return Stream.of(
                new Format(
                        new CamtReader(LIMITS),
                        List.of(
                                camt(
                                        "10.00",
                                        "7.00",
                                        entry("2026-03-02", "-4.00", "Tom &amp; Co", "R1"),
                                        entry("2026-03-03", "1.00", "Aunt", "")),
                                camtOf(
                                        statement(
                                                "1",
                                                "2026-03-01",
                                                "5.00",
                                                "2026-03-02",
                                                "4.00",
                                                entry("2026-03-02", "-1.00", "A", "")),
                                        statement("2", "2026-03-02", "4.00", "2026-03-03", "4.00"))),
                        ""),
                new Format(
                        new OfxReader(LIMITS),
                        List.of(
                                ofx(
                                        "GBP",
                                        List.of(
                                                ofxLine("20260302", "-4.00", "F1", "Tom"),
                                                ofxLine("20260303", "1.00", "F2", "Aunt"))),
                                "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\" VERSION=\"211\"?>"
                                        + ofx(
                                                        "GBP",
                                                        List.of(
                                                                "<STMTTRN><DTPOSTED>20260302</DTPOSTED><TRNAMT>-1.00</TRNAMT><FITID>F9</FITID></STMTTRN>"))
                                                .substring(45)),
                        ""),
                new Format(
                        new Mt940Reader(LIMITS),
                        List.of(mt940(
                                "C260301GBP10,00",
                                "C260303GBP7,00",
                                ":61:2603020302D4,00NTRFREF//B1\r\n:86:TOM AND CO",
                                ":61:260303C1,00NTRFX//B2")),
                        ""),
                new Format(
                        new CsvStatementReader(LIMITS, null),
                        List.of(
                                "Date,Description,Amount,Balance\n13/03/2026,Bus,-1.00,9.00\n14/03/2026,\"Aunt, one\",1.00,10.00\n",
                                "Date;Paid out;Paid in;Payee\n2026-03-02;1.00;;A\n3 Mar 2026;;2.00;B\n"),
                        ""),
                new Format(
                        new CardFeedReader(LIMITS, null),
                        List.of(new String(Heard.resource("card-feed-every-type.csv"), StandardCharsets.UTF_8)),
                        ""),
                new Format(
                        new CardFeedReader(LIMITS, CardMapping.parse(feedMapping)),
                        List.of(
                                "Card,Id,Posted,What,Value\nC1,T1,02/03/2026,POS,1.00\nC1,T2,03/03/2026 10:00,LOAD,5.00\n"),
                        feedMapping),
                new Format(
                        new CardFeedReader(LIMITS, CardMapping.parse(feedMapping.replace("Value", "sum.Value"))),
                        List.of("""
                                {"list":[{"Card":"C1","Id":"T1","Posted":"02/03/2026","What":"POS","sum":{"Value":1.00}},
                                 {"Card":"C1","Id":"T2","Posted":"03/03/2026 10:00","What":"LOAD","sum":{"Value":"5.00"}}],"next":null}"""),
                        feedMapping.replace("Value", "sum.Value")),
                new Format(
                        new SpendingReader(LIMITS),
                        List.of(
                                "accountId,on,amount,payee,type,category\nA-1,2026-03-02,4.00,Tom,FEE,\nA-2,2026-03-03,1.00,Shop,,Care\n"),
                        ""));
    }

    @ParameterizedTest
    @MethodSource("formats")
    @Timeout(value = 4, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noFileIsReadForEverOrEndsInAnythingButACode(Format format) {
        Map<String, Integer> ends = new TreeMap<>();
        for (int file = 0; file < FILES; file++) {
            long seed = 31L * file + format.toString().hashCode();
            byte[] mutated = mutated(format.files, new Random(seed));
            long begun = System.nanoTime();
            String end = read(format.reader, mutated, seed);
            assertThat(System.nanoTime() - begun)
                    .as("seed %d of %s", seed, format)
                    .isLessThan(LONGEST_NANOS);
            ends.merge(end.replaceAll("[ :].*", ""), 1, Integer::sum);
            if (file % 10 == 0) {
                assertThat(read(format.reader, mutated, seed))
                        .as("seed %d of %s", seed, format)
                        .isEqualTo(end);
            }
        }
        // the files are not so broken that nothing but the door is tried
        assertThat(ends).as(format + " " + ends).containsKeys("READ", "STATEMENT_UNREADABLE");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aFileThatIsSentIsTakenInWholeOrNotAtAll(Format format) {
        String account = opened("2026-01-01", "2026-12-31", "1000.00").accountId();
        int taken = 0;
        for (int file = 0; file < SENT; file++) {
            long seed = 17L * file + format.toString().hashCode();
            byte[] mutated = mutated(format.files, new Random(seed));
            long head = head();
            long kept = kept();
            Answer answer = finance().upload("/api/v1/statements", mutated, fields(format, account));
            if (answer.status() == 201) {
                taken++;
                assertThat(answer.json().path("state").asString()).isEqualTo("FINISHED");
                int dealtWith = Stream.of("recorded", "matched", "unmatched", "duplicates", "rejectedTotal")
                        .mapToInt(count -> answer.json().path(count).asInt())
                        .sum();
                assertThat(answer.json().path("lines").asInt())
                        .as("seed %d of %s", seed, format)
                        .isEqualTo(dealtWith);
            } else {
                assertThat(answer.status())
                        .as("seed %d of %s: %s", seed, format, answer)
                        .isBetween(400, 422);
                assertThat(head()).as("seed %d of %s", seed, format).isEqualTo(head);
                assertThat(kept()).as("seed %d of %s", seed, format).isEqualTo(kept);
            }
        }
        assertThat(taken).as("files of %s that could be taken in", format).isPositive();
    }

    private static String[] fields(Format format, String account) {
        List<String> fields = new ArrayList<>(List.of("format", format.reader.format(), "reason", "fuzz"));
        if (!format.reader.namesAccounts()) {
            fields.addAll(List.of("accountId", account));
        }
        if (!format.mapping.isEmpty()) {
            fields.addAll(List.of("mapping", format.mapping));
        }
        return fields.toArray(String[]::new);
    }

    private long kept() {
        return jdbc.sql("SELECT count(*) FROM statement_line_source")
                .query(Long.class)
                .single();
    }

    private static String read(StatementReader reader, byte[] file, long seed) {
        try {
            reader.recognises(Arrays.copyOf(file, Math.min(file.length, StatementFormats.HEAD_BYTES)));
            Heard heard = Heard.from(reader, file);
            return "READ " + heard.lines.size() + " " + heard.repeats.size() + " " + heard.refusals.size();
        } catch (RuleBroken refusal) {
            assertThat(REFUSALS)
                    .as("seed %d of %s: %s", seed, reader.format(), refusal.words())
                    .contains(refusal.code());
            return refusal.code() + ": " + refusal.words();
        } catch (RuntimeException failure) {
            throw new AssertionError("seed " + seed + " of " + reader.format(), failure);
        }
    }

    private static byte[] mutated(List<String> files, Random random) {
        byte[] file = files.get(random.nextInt(files.size())).getBytes(StandardCharsets.UTF_8);
        int times = random.nextInt(6);
        for (int i = 0; i < times; i++) {
            file = mutated(file, random);
        }
        return file;
    }

    private static byte[] mutated(byte[] file, Random random) {
        int at = random.nextInt(file.length + 1);
        int end = Math.min(file.length, at + random.nextInt(random.nextInt(8) == 0 ? 400 : 12));
        byte[] cut = Arrays.copyOfRange(file, at, end);
        return switch (random.nextInt(8)) {
            case 0 -> joined(file, 0, at, new byte[0], end);
            case 1 -> joined(file, 0, at, repeated(cut, 1 + random.nextInt(4)), at);
            case 2 -> Arrays.copyOf(file, at);
            case 3 -> {
                byte[] noise = new byte[1 + random.nextInt(4)];
                random.nextBytes(noise);
                yield joined(file, 0, at, noise, random.nextBoolean() ? at : end);
            }
            case 4 -> joined(file, 0, at, digits(cut, random), end);
            case 5 -> joined(file, 0, at, repeated(cut, random.nextInt(300)), end);
            default ->
                joined(
                        file,
                        0,
                        at,
                        WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8),
                        random.nextBoolean() ? at : end);
        };
    }

    private static byte[] digits(byte[] text, Random random) {
        byte[] other = text.clone();
        for (int i = 0; i < other.length; i++) {
            if (other[i] >= '0' && other[i] <= '9') {
                other[i] = (byte) ('0' + random.nextInt(10));
            }
        }
        return other;
    }

    private static byte[] repeated(byte[] text, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(text);
        }
        return all.toByteArray();
    }

    private static byte[] joined(byte[] file, int from, int at, byte[] middle, int on) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(file, from, at - from);
        all.writeBytes(middle);
        all.write(file, on, file.length - on);
        return all.toByteArray();
    }
}
