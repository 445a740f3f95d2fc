package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunFile.Payment;

/** The files of runs against ISO 20022's own schema, as a library of FinTS carries it. Rulebook 6. */
class Pain001SchemaTest {

    private static final Path GOLDEN = Path.of("src/test/resources/payout/pain.001.001.09.xml");
    private static final LocalDate PAY_DATE = LocalDate.of(2026, 4, 8);

    private static Schema schema;

    @BeforeAll
    static void schema() throws SAXException {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        schema = factory.newSchema(Pain001SchemaTest.class.getResource("/pain.001.001.09.xsd"));
    }

    @Test
    void theGoldenFileIsValidAndOneThatLacksAnElementIsNot() throws Exception {
        String golden = Files.readString(GOLDEN);
        assertThatCode(() -> validate(golden)).doesNotThrowAnyException();
        assertThatThrownBy(() -> validate(golden.replaceFirst("<PmtMtd>TRF</PmtMtd>", "")))
                .isInstanceOf(SAXException.class);
        assertThatThrownBy(() ->
                        validate(golden.replaceFirst("<EndToEndId>[^<]*<", "<EndToEndId>" + "x".repeat(36) + "<")))
                .isInstanceOf(SAXException.class);
    }

    @Test
    void theFilesOfRandomRunsAreValidWhateverStandsInTheirNamesAndReferences() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            List<Payment> payments = new ArrayList<>();
            Money total = Money.ZERO;
            for (int i = 0; i <= random.nextInt(30); i++) {
                Payment payment = payment(random);
                payments.add(payment);
                total = total.plus(payment.amount());
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            Pain001.write(
                    run(random, payments.size(), total),
                    total,
                    payments.size(),
                    payments::forEach,
                    Pain001.REFERENCE,
                    file);
            assertThatCode(() -> validate(file.toString(StandardCharsets.UTF_8)))
                    .as("seed %d, run %d", seed, run)
                    .doesNotThrowAnyException();
        }
    }

    /** To somebody whose name and reference hold whatever a person may type. */
    static Payment payment(Random random) {
        return new Payment(
                text(random, "abcXYZ019._-", 1 + random.nextInt(35)),
                Money.ofPence(1 + random.nextLong(99_999_999_999L)),
                new PayTo(
                        digits(random, 6),
                        digits(random, 8),
                        text(random, "aZ éßΣ漢😀<>&\"'’-/?:().,+\t\n", random.nextInt(300)),
                        text(random, "aZ9 éßΣ😀<>&-_", random.nextInt(200))));
    }

    static RunEntry run(Random random, int count, Money total) {
        return new RunEntry(
                text(random, "abcXYZ019._-", 1 + random.nextInt(64)),
                PAY_DATE,
                PAY_DATE,
                PAY_DATE,
                new Originator(text(random, "Borough of &<é", 1 + random.nextInt(200)), "203040", "12345678", "654321"),
                1,
                "finance",
                RunState.Stage.APPROVED,
                count,
                total,
                0,
                Money.ZERO,
                "approver",
                Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1_000_000_000)),
                count,
                0,
                9,
                List.of(),
                null,
                null,
                0,
                null,
                PAY_DATE);
    }

    private static void validate(String file) throws Exception {
        schema.newValidator()
                .validate(new StreamSource(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8))));
    }

    private static String digits(Random random, int length) {
        return text(random, "0123456789", length);
    }

    private static String text(Random random, String alphabet, int length) {
        int[] points = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }
}
