package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * ISO 20022 camt.053, versions 02 to 13, rulebook section 6: any number of statements of one account, each proved by its booked balances.
 * The file streams by; it may have neither a document type nor entities of its own.
 */
final class CamtReader implements StatementReader {

    static final String FORMAT = "camt.053";

    private static final int DEEPEST = 64;

    /** No text that is looked at is longer; what is beyond is not read. */
    private static final int LONGEST_TEXT = 1_000;

    private static final Pattern LOOKS = Pattern.compile("xsd:camt\\.053|<(?:\\w+:)?BkToCstmrStmt\\b");

    private final StatementLimits limits;

    CamtReader(StatementLimits limits) {
        this.limits = limits;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public boolean recognises(byte[] head) {
        // without its zeros, UTF-16 reads like ASCII
        return LOOKS.matcher(new String(head, StandardCharsets.ISO_8859_1).replace("\0", ""))
                .find();
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        MarkupLimit limited = new MarkupLimit(file, limits.lineCharacters());
        CamtStatements statements = new CamtStatements(new BankLines(today, limits, sink), sink);
        int line = 1;
        try {
            XMLStreamReader xml = factory().createXMLStreamReader(XmlText.of(limited));
            Deque<String> path = new ArrayDeque<>();
            StringBuilder text = new StringBuilder();
            MarkupNames names = new MarkupNames();
            while (xml.hasNext()) {
                int event = xml.next();
                line = Math.max(1, xml.getLocation().getLineNumber());
                switch (event) {
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw BankFields.unreadable(line, "a document type or an entity of its own is not allowed");
                    case XMLStreamConstants.PROCESSING_INSTRUCTION -> names.instruction(xml);
                    case XMLStreamConstants.START_ELEMENT -> {
                        names.element(xml);
                        if (path.size() == DEEPEST) {
                            throw BankFields.unreadable(line, "its elements lie too deep in each other");
                        }
                        String parent = path.isEmpty() ? "" : path.peek();
                        path.push(below(parent, xml.getLocalName()));
                        text.setLength(0);
                        statements.begin(path.peek(), xml.getAttributeValue(null, "Ccy"), line);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        int length = Math.min(xml.getTextLength(), LONGEST_TEXT - text.length());
                        text.append(xml.getTextCharacters(), xml.getTextStart(), length);
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        statements.end(path.pop(), text.toString().strip(), line);
                        text.setLength(0);
                    }
                    default -> {
                        // comments say nothing
                    }
                }
            }
        } catch (UnsupportedCharsetException unknown) {
            throw BankFields.unreadable(line, "the file is in an encoding that is not known");
        } catch (XMLStreamException malformed) {
            limited.rethrow();
            int at = malformed.getLocation() == null
                    ? line
                    : Math.max(1, malformed.getLocation().getLineNumber());
            throw BankFields.unreadable(at, "the file is not well-formed XML");
        }
        statements.end(line);
    }

    /** Paths begin at the statement: what is around it has other names in other messages. */
    private static String below(String parent, String name) {
        if (parent.isEmpty()) {
            return name.equals("Stmt") ? "Stmt" : "";
        }
        return parent + "/" + name;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new RuleBroken("STATEMENT_UNREADABLE", "The file refers to something outside of itself.");
        });
        return factory;
    }
}
