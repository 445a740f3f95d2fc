package uk.directpayments.ledger.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What code and pages point to is there: sections of the rulebook, pages, headings, decisions. */
class DocumentationTest {

    private static final Path DOCS = Path.of("src/docs");
    private static final Path DECISIONS = DOCS.resolve("decisions");

    private static final Pattern SECTION =
            Pattern.compile("^(?:#+ |\\| )?(\\d{1,2}(?:\\.\\d{1,2})?)[. ]", Pattern.MULTILINE);
    private static final Pattern CITED = Pattern.compile(
            "rulebook (?:sections? )?(\\d{1,2}(?:\\.\\d{1,2})?(?:(?:,| and| to) \\d{1,2}\\.\\d{1,2})*)(?!\\d)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}(?:\\.\\d{1,2})?");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

    @Test
    void everySectionOfTheRulebookThatIsCitedIsThere() throws IOException {
        Set<String> sections = all(SECTION, Files.readString(DOCS.resolve("rulebook.md")));
        Set<String> missing = new TreeSet<>();
        for (Path file : files(Path.of("src"), ".java", ".md", ".sql")) {
            for (String cited : all(CITED, Files.readString(file))) {
                NUMBER.matcher(cited)
                        .results()
                        .map(MatchResult::group)
                        .filter(number -> !sections.contains(number))
                        .forEach(number -> missing.add(file + " cites " + number));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLinkOfAPageLeadsToSomething() throws IOException {
        Set<String> dead = new TreeSet<>();
        List<Path> pages = Stream.concat(
                        files(DOCS, ".md").stream(),
                        Stream.of("README.md", "CHANGELOG.md", "axon-config/README.md")
                                .map(Path::of))
                .toList();
        for (Path page : pages) {
            for (Matcher link = LINK.matcher(Files.readString(page)); link.find(); ) {
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                String heading = link.group(2);
                if (!Files.exists(target)
                        || (heading != null && !headings(target).contains(heading))) {
                    dead.add(page + " links " + link.group());
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void everyDecisionIsInTheIndex() throws IOException {
        String index = Files.readString(DECISIONS.resolve("README.md"));
        assertThat(files(DECISIONS, ".md"))
                .allSatisfy(decision -> assertThat(
                                decision.endsWith("README.md") || index.contains("(" + decision.getFileName() + ")"))
                        .as("%s", decision)
                        .isTrue());
    }

    /** As GitHub names them. */
    private static Set<String> headings(Path page) throws IOException {
        return all(HEADING, Files.readString(page)).stream()
                .map(heading -> heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static List<Path> files(Path below, String... endings) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .toList();
        }
    }
}
