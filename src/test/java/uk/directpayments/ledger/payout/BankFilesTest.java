package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunFile.Payment;

/** The bytes that banks get: against golden files, and read back field by field as the formats say. Rulebook 6. */
class BankFilesTest {

    private static final Path GOLDEN = Path.of("src/test/resources/payout");

    private static final List<Payment> PAYMENTS = List.of(
            new Payment(
                    "S1.1", Money.ofPence(61_538), new PayTo("200000", "55779911", "Zoë O’Neill-Ärmstrong", "DP S1.1")),
            new Payment("S2.1", Money.ofPence(1), new PayTo("401020", "00000001", "A & B <Care> Ltd.", "DP S2.1")),
            new Payment(
                    "S3.1",
                    Money.ofPence(99_999_999_999L),
                    new PayTo("070116", "00003036", "Σ", "CARD-REFERENCE-THAT-IS-LONG")));

    private static final Money TOTAL = PAYMENTS.stream().map(Payment::amount).reduce(Money.ZERO, Money::plus);

    private static final LocalDate PAY_DATE = LocalDate.of(2026, 4, 8);

    private static final RunEntry RUN = new RunEntry(
            "RUN-1",
            LocalDate.of(2026, 3, 30),
            PAY_DATE,
            PAY_DATE,
            new Originator("Borough of Example", "203040", "12345678", "654321"),
            1,
            "finance",
            RunState.Stage.APPROVED,
            3,
            TOTAL,
            0,
            Money.ZERO,
            "approver",
            Instant.parse("2026-03-31T23:30:15.123Z"),
            3,
            0,
            9,
            List.of(),
            null,
            null,
            0,
            null,
            LocalDate.of(2026, 3, 31));

    private static byte[] written(FileFormat format, List<Payment> payments, Money total) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (format) {
            case PAIN_001_001_09 ->
                Pain001.write(RUN, total, payments.size(), payments::forEach, Pain001.REFERENCE, out);
            case BACS_STANDARD_18 ->
                BacsStandard18.write(RUN, total, payments.size(), payments::forEach, BacsStandard18.NOT_PROVIDED, out);
        }
        return out.toByteArray();
    }

    private static byte[] written(FileFormat format) throws Exception {
        return written(format, PAYMENTS.subList(0, 2), Money.ofPence(61_539));
    }

    @Test
    void theFilesAreTheGoldenOnesByteForByte() throws Exception {
        for (FileFormat format : FileFormat.values()) {
            Path golden = GOLDEN.resolve(format.word() + "." + format.extension());
            byte[] bytes = written(format);
            if (Boolean.getBoolean("golden.write") && !Files.exists(golden)) {
                Files.createDirectories(GOLDEN);
                Files.write(golden, bytes);
            }
            assertThat(Files.readAllBytes(golden)).as(format.word()).isEqualTo(bytes);
        }
    }

    @Test
    void aBacsFileHasItsLabelsCreditsContraAndTotals() throws Exception {
        String file = new String(written(FileFormat.BACS_STANDARD_18), StandardCharsets.US_ASCII);
        assertThat(file).endsWith("\r\n").matches("[A-Z0-9.&/\\- \r\n]+");
        String[] lines = file.split("\r\n");
        assertThat(lines).hasSize(10);
        for (int i = 0; i < lines.length; i++) {
            assertThat(lines[i]).hasSize(i < 4 || i > 6 ? 80 : 100);
        }
        assertThat(lines[0]).startsWith("VOL1").endsWith("1");
        assertThat(lines[0].substring(41, 47)).isEqualTo("654321");
        assertThat(lines[1]).startsWith("HDR1A654321S  1654321");
        assertThat(lines[1].substring(41, 47)).as("made, in London").isEqualTo(" 26091");
        assertThat(lines[3]).startsWith("UHL1 26097999999").as("the working day before 8 April");
        String credit = lines[4];
        assertThat(credit.substring(0, 14)).isEqualTo("20000055779911");
        assertThat(credit.substring(14, 17)).isEqualTo("099");
        assertThat(credit.substring(17, 31)).isEqualTo("20304012345678");
        assertThat(credit.substring(35, 46)).isEqualTo("00000061538");
        assertThat(credit.substring(46, 64)).isEqualTo("BOROUGH OF EXAMPLE");
        assertThat(credit.substring(64, 82)).isEqualTo("DP S1.1           ");
        assertThat(credit.substring(82, 100)).isEqualTo("ZOE O NEILL-ARMSTR");
        assertThat(lines[5].substring(82, 100)).isEqualTo("A & B CARE LTD.   ");
        String contra = lines[6];
        assertThat(contra.substring(0, 17)).isEqualTo("20304012345678017");
        assertThat(contra.substring(35, 46)).isEqualTo("00000061539");
        assertThat(contra.substring(64, 82)).isEqualTo("CONTRA            ");
        assertThat(lines[7].substring(4)).isEqualTo(lines[1].substring(4));
        assertThat(lines[8].substring(4)).isEqualTo(lines[2].substring(4));
        assertThat(lines[9]).startsWith("UTL1" + "0000000061539".repeat(2) + "0000001" + "0000002");
    }

    @Test
    void thePainFilesTotalsAreThoseOfItsTransactions() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document pain = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(written(FileFormat.PAIN_001_001_09, PAYMENTS, TOTAL)));
        assertThat(pain.getDocumentElement().getNamespaceURI())
                .isEqualTo("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
        var amounts = pain.getElementsByTagNameNS("*", "InstdAmt");
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < amounts.getLength(); i++) {
            sum = sum.add(new BigDecimal(amounts.item(i).getTextContent()));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(pain.getElementsByTagNameNS("*", "CtrlSum").item(i).getTextContent())
                    .isEqualTo(sum.toPlainString());
            assertThat(pain.getElementsByTagNameNS("*", "NbOfTxs").item(i).getTextContent())
                    .isEqualTo("3");
        }
        assertThat(pain.getElementsByTagNameNS("*", "Nm").item(2).getTextContent())
                .isEqualTo("Zoe O'Neill-Armstrong");
        assertThat(pain.getElementsByTagNameNS("*", "Nm").item(4).getTextContent())
                .as("a name without a letter that banks take")
                .isEqualTo("NOT PROVIDED");
        assertThat(pain.getElementsByTagNameNS("*", "EndToEndId").item(0).getTextContent())
                .isEqualTo("S1.1");
    }

    @Test
    void aPayeeWithoutALatinLetterIsNotProvidedInBacsAsInPain001() throws Exception {
        List<Payment> nameless = PAYMENTS.subList(2, 3);
        Money total = nameless.get(0).amount();
        String file = new String(written(FileFormat.BACS_STANDARD_18, nameless, total), StandardCharsets.US_ASCII);
        assertThat(file.split("\r\n")[4].substring(82, 100)).isEqualTo("NOT PROVIDED      ");

        ByteArrayOutputStream before = new ByteArrayOutputStream();
        BacsStandard18.write(RUN, total, 1, nameless::forEach, BacsStandard18.NOTHING, before);
        assertThat(before.toString(StandardCharsets.US_ASCII))
                .as("a file that was recorded before stays as it was")
                .isEqualTo(file.replace("NOT PROVIDED", " ".repeat(12)));
    }

    @Test
    void whereAPaymentGoesIsReadAsItWasWritten() {
        for (Payment payment : PAYMENTS) {
            assertThat(PayTo.parse(payment.payTo().text())).isEqualTo(payment.payTo());
            assertThat(payment.payTo().toString())
                    .doesNotContain(payment.payTo().accountNumber());
        }
    }
}
