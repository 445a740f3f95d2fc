package uk.directpayments.ledger.delivery;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.delivery.Parts.Part;

/** Under which licences the parts are shipped. {@code -Dgolden.write=true} writes the list anew. */
class LicencesTest {

    private static final Path LIST = Path.of("src/docs/operating/licences.md");
    private static final String HEAD = "| part | version | licence |\n|---|---|---|\n";

    /** A council may run them unchanged without giving anything away; the LGPL's parts are jars of their own that it may replace. */
    private static final Set<String> GOOD = Set.of(
            "0BSD",
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-2.0",
            "Indiana University Extreme! Lab Software License",
            "LGPL-2.1-or-later",
            "MIT",
            "MIT-0",
            "Public Domain");

    @Test
    void everyPartHasALicenceThatACouncilCanRunItUnder() throws IOException {
        assertThat(Parts.all())
                .hasSizeGreaterThan(100)
                .allSatisfy(part -> assertThat(Collections.disjoint(part.licences(), GOOD))
                        .as(part.toString())
                        .isFalse());
    }

    @Test
    void theListNamesEveryPartThatIsShippedAndNoOther() throws IOException {
        String written = Files.readString(LIST);
        String table = HEAD
                + Parts.all().stream()
                        .sorted(Comparator.comparing(Part::purl))
                        .map(part -> "| `%s:%s` | %s | %s |\n"
                                .formatted(
                                        part.group(),
                                        part.name(),
                                        part.version(),
                                        String.join(" or ", part.licences())))
                        .collect(joining());
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(LIST, written.substring(0, written.indexOf(HEAD)) + table);
        } else {
            assertThat(written).endsWith(table);
        }
    }
}
