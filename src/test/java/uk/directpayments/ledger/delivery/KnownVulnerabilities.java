package uk.directpayments.ledger.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Of no part is a vulnerability known that nobody has looked at. Not a part of {@code verify}, which needs no network:
 * {@code ./mvnw test -Paudit}. A vulnerability that does not concern the ledger is accepted until a day, in a file, with the reason.
 */
class KnownVulnerabilities {

    private static final Path ACCEPTED = Path.of("src/packaging/accepted-vulnerabilities.txt");

    @Test
    void ofNoPartThatIsShippedIsAVulnerabilityKnownThatNobodyHasAccepted() throws IOException {
        List<String> parts =
                Parts.all().stream().map(part -> Osv.known(part.purl())).toList();
        try {
            SortedMap<String, SortedSet<String>> known =
                    new Osv(URI.create(System.getProperty("audit.osv", "https://api.osv.dev"))).knownAbout(parts);
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            assertThat(open(known, Files.readAllLines(ACCEPTED), today))
                    .as("known vulnerabilities of %s parts", parts.size())
                    .isEmpty();
        } catch (IOException unreachable) {
            fail("NOT CHECKED: osv.dev cannot be asked (" + unreachable + ")");
        }
    }

    /** Those that are not accepted on a day. @param accepted lines of an id, the last day, and why; others begin with a # */
    static SortedMap<String, SortedSet<String>> open(
            SortedMap<String, SortedSet<String>> known, List<String> accepted, LocalDate today) {
        SortedMap<String, SortedSet<String>> open = new TreeMap<>();
        known.forEach((purl, ids) -> {
            SortedSet<String> left = new TreeSet<>(ids);
            accepted.stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +", 3))
                    .filter(line -> !LocalDate.parse(line[1]).isBefore(today) && !line[2].isBlank())
                    .forEach(line -> left.remove(line[0]));
            if (!left.isEmpty()) {
                open.put(purl, left);
            }
        });
        return open;
    }
}
