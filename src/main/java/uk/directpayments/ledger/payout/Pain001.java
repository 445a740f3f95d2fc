package uk.directpayments.ledger.payout;

import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.Originator;

/**
 * ISO 20022 customer credit transfer initiation, {@code pain.001.001.09}: one batch, sterling, accounts named by sort code and number.
 * Rulebook 6. Names keep to the characters that every bank takes.
 */
final class Pain001 {

    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static final int NAME = 140;
    private static final int ID = 35;

    /** The Latin letters, digits and signs of the scheme's rules. */
    private static final String LATIN = "A-Za-z0-9/\\-?:().,'+ ";

    /** What a reference consists of: also the one sign more that ids and references of cards have. ISO 20022 takes it in any text. */
    static final String REFERENCE = LATIN + "_";

    /** The same in files that were recorded when that sign became a blank. */
    static final String REFERENCE_BEFORE = LATIN;

    private Pain001() {}

    /** @param signs {@link #REFERENCE} or {@link #REFERENCE_BEFORE} */
    static void write(RunEntry run, Money total, int count, RunFile.Payments payments, String signs, OutputStream out) {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            new Writer(xml, signs).run(run, total, count, payments);
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("the payment file could not be written", e);
        }
    }

    /** Runs may have longer ids than messages. */
    private static String messageId(String runId) {
        return runId.length() <= ID ? runId : Hashes.hex("message", runId).substring(0, 32);
    }

    /** What is none of the signs becomes a blank. */
    private static String only(String signs, String text, int longest) {
        String plain = java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .replace('\u2019', '\'')
                .replaceAll("[^" + signs + "]", " ")
                .replaceAll(" +", " ")
                .strip();
        String shortened =
                plain.length() <= longest ? plain : plain.substring(0, longest).strip();
        return shortened.isEmpty() ? "NOT PROVIDED" : shortened;
    }

    private record Writer(XMLStreamWriter xml, String signs) {

        void run(RunEntry run, Money total, int count, RunFile.Payments payments) throws XMLStreamException {
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("Document");
            xml.writeDefaultNamespace(NAMESPACE);
            open("CstmrCdtTrfInitn");
            open("GrpHdr");
            text("MsgId", messageId(run.runId()));
            text(
                    "CreDtTm",
                    Objects.requireNonNull(run.approvedAt())
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            totals(total, count);
            party("InitgPty", run.originator().name());
            close();
            open("PmtInf");
            text("PmtInfId", messageId(run.runId()));
            text("PmtMtd", "TRF");
            totals(total, count);
            open("ReqdExctnDt");
            text("Dt", run.payDate().toString());
            close();
            Originator originator = run.originator();
            party("Dbtr", originator.name());
            account("DbtrAcct", originator.sortCode(), originator.accountNumber());
            bank("DbtrAgt", originator.sortCode());
            payments.forEach(payment -> {
                try {
                    payment(payment);
                } catch (XMLStreamException e) {
                    throw new IllegalStateException("the payment file could not be written", e);
                }
            });
            close();
            close();
            close();
            xml.writeEndDocument();
        }

        private void payment(RunFile.Payment payment) throws XMLStreamException {
            PayTo payTo = payment.payTo();
            open("CdtTrfTxInf");
            open("PmtId");
            text("EndToEndId", payment.endToEndId());
            close();
            open("Amt");
            xml.writeStartElement("InstdAmt");
            xml.writeAttribute("Ccy", "GBP");
            xml.writeCharacters(payment.amount().toString());
            close();
            close();
            bank("CdtrAgt", payTo.sortCode());
            party("Cdtr", payTo.name());
            account("CdtrAcct", payTo.sortCode(), payTo.accountNumber());
            open("RmtInf");
            text("Ustrd", only(signs, payTo.reference(), NAME));
            close();
            close();
        }

        private void totals(Money total, int count) throws XMLStreamException {
            text("NbOfTxs", Integer.toString(count));
            text("CtrlSum", total.toString());
        }

        private void party(String element, String name) throws XMLStreamException {
            open(element);
            text("Nm", only(LATIN, name, NAME));
            close();
        }

        private void account(String element, String sortCode, String accountNumber) throws XMLStreamException {
            open(element);
            open("Id");
            open("Othr");
            text("Id", sortCode + accountNumber);
            close();
            close();
            close();
        }

        private void bank(String element, String sortCode) throws XMLStreamException {
            open(element);
            open("FinInstnId");
            open("ClrSysMmbId");
            open("ClrSysId");
            text("Cd", "GBDSC");
            close();
            text("MmbId", sortCode);
            close();
            close();
            close();
        }

        private void open(String element) throws XMLStreamException {
            xml.writeStartElement(element);
        }

        private void close() throws XMLStreamException {
            xml.writeEndElement();
        }

        private void text(String element, String text) throws XMLStreamException {
            open(element);
            xml.writeCharacters(text);
            close();
        }
    }
}
