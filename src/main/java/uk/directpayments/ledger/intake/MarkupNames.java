package uk.directpayments.ledger.intake;

import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The different names in an XML file: of elements, attributes, namespaces and processing instructions. A parser keeps every one to the end of
 * the file, so a file of ever new names would fill the memory; a message of a bank has a few hundred.
 */
final class MarkupNames {

    static final int MOST = 5_000;

    private final Set<String> names = new HashSet<>();

    /** Counts what has just begun. @throws RuleBroken {@code TOO_LARGE} */
    void element(XMLStreamReader xml) {
        add(xml.getLocalName());
        add(xml.getPrefix());
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            add(xml.getAttributeLocalName(i));
            add(xml.getAttributePrefix(i));
        }
        for (int i = 0; i < xml.getNamespaceCount(); i++) {
            add(xml.getNamespacePrefix(i));
            add(xml.getNamespaceURI(i));
        }
    }

    void instruction(XMLStreamReader xml) {
        add(xml.getPITarget());
    }

    private void add(@Nullable String name) {
        if (name != null && names.add(name) && names.size() > MOST) {
            throw new RuleBroken("TOO_LARGE", "The file has more than " + MOST + " different names.");
        }
    }
}
