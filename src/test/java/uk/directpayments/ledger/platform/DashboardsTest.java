package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** The dashboards and alerts ask for nothing that the running service does not export, and the notes for operators know them all. */
class DashboardsTest extends RunningLedger {

    private static final Path DASHBOARDS = Path.of("dashboards/grafana");
    private static final Path ALERTS = Path.of("dashboards/prometheus/alerts.yml");
    private static final Path NOTES = Path.of("src/docs/operating/metrics.md");

    /** What Prometheus itself says of a scrape. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    /** Labels whose values are all known from the start. */
    private static final Set<String> KNOWN_LABELS = Set.of("name", "kind", "outcome", "state", "processor", "command");

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern NOT_METRICS =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])([a-z_][a-z0-9_]*)\\b(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_][a-z0-9_]*)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!=|!~|=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\")");
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)(?:\\{(.*)})? \\S+");

    @Test
    void everyMetricThatADashboardOrAnAlertNamesIsExported() throws IOException {
        Map<String, List<Map<String, String>>> exported = exported();
        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(50);
        Set<String> missing = new TreeSet<>();
        for (String expression : expressions) {
            missing.addAll(metrics(expression));
        }
        missing.removeAll(OF_PROMETHEUS);
        assertThat(missing).contains("ledger_commands_total", "hikaricp_connections_active");
        missing.removeAll(exported.keySet());
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLabelThatTheyPickIsExportedFromTheStart() throws IOException {
        Map<String, List<Map<String, String>>> exported = exported();
        for (String expression : expressions()) {
            Matcher selector = SELECTOR.matcher(expression);
            while (selector.find()) {
                String metric = selector.group(1);
                if (metric.startsWith("ledger_")) {
                    assertThat(exported.get(metric))
                            .as("%s", expression)
                            .anyMatch(series -> matches(series, selector.group(2)));
                }
            }
        }
    }

    @Test
    void everyMetricOfOursIsExportedWithoutIds() throws Exception {
        Map<String, List<Map<String, String>>> exported = exported();
        for (String metric : ours()) {
            assertThat(exported.keySet()).as(metric).anyMatch(name -> name.startsWith(metric));
        }
        exported.forEach((metric, series) -> {
            if (metric.startsWith("ledger_")) {
                series.forEach(labels -> assertThat(labels.keySet())
                        .as(metric)
                        .isSubsetOf(
                                "application",
                                "automation",
                                "code",
                                "command",
                                "kind",
                                "le",
                                "name",
                                "outcome",
                                "processor",
                                "state"));
            }
        });
    }

    @Test
    void theNotesForOperatorsNameEveryMetricOfOursAndEveryAlert() throws Exception {
        assertThat(Files.readString(NOTES)).contains(ours()).contains(alerts().keySet());
    }

    @Test
    void aDashboardIsWhole() throws IOException {
        Set<String> uids = new TreeSet<>();
        for (JsonNode dashboard : dashboards()) {
            assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(uids.add(dashboard.path("uid").asString())).isTrue();
            assertThat(dashboard.at("/templating/list/0/type").asString()).isEqualTo("datasource");
            Set<Integer> ids = new TreeSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                String title = panel.path("title").asString();
                assertThat(title).isNotBlank();
                assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
                if (!panel.path("type").asString().equals("row")) {
                    assertThat(panel.at("/datasource/uid").asString()).as(title).isEqualTo("${datasource}");
                    assertThat(panel.at("/fieldConfig/defaults/unit").asString())
                            .as(title)
                            .isNotBlank();
                    assertThat(panel.path("targets").size()).as(title).isPositive();
                }
            }
        }
        assertThat(uids).hasSize(2);
    }

    @Test
    void theScanFindsMetricsAndNothingElse() {
        assertThat(metrics("""
                        histogram_quantile(0.99, sum by (le) (rate(a_bucket{x="b_c",y=~"d"}[5m]))) > 1e3
                          and on (instance) e offset 1h unless hour() > 9""")).containsExactly("a_bucket", "e");
    }

    /** Our metrics as Prometheus knows them, without what it adds for a unit or a kind. */
    private static List<String> ours() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field field : MeterNames.class.getFields()) {
            names.add(((String) field.get(null)).replace('.', '_'));
        }
        return names;
    }

    private static boolean matches(Map<String, String> series, String matchers) {
        Matcher matcher = MATCHER.matcher(matchers);
        while (matcher.find()) {
            String value =
                    matcher.group(3).substring(1, matcher.group(3).length() - 1).replace("\\\\", "\\");
            if (!KNOWN_LABELS.contains(matcher.group(1)) || matcher.group(2).startsWith("!")) {
                continue;
            }
            String found = series.getOrDefault(matcher.group(1), "");
            boolean same = matcher.group(2).equals("=") ? found.equals(value) : found.matches(value);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> metrics(String expression) {
        String rest = TEXT.matcher(expression).replaceAll("");
        rest = NOT_METRICS.matcher(rest).replaceAll(" ");
        Set<String> names = new TreeSet<>();
        NAME.matcher(rest)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !WORDS.contains(name))
                .forEach(names::add);
        return names;
    }

    private Map<String, List<Map<String, String>>> exported() {
        // the first request is what makes the service export how long requests take
        ok(Caller.as("", port).get("/actuator/health/liveness"));
        Map<String, List<Map<String, String>>> exported = new TreeMap<>();
        String scraped =
                ok(Caller.as("", port).get("/actuator/prometheus")).response().body();
        scraped.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher series = SERIES.matcher(line);
            assertThat(series.matches()).as(line).isTrue();
            Map<String, String> labels = new HashMap<>();
            if (series.group(2) != null) {
                MATCHER.matcher(series.group(2))
                        .results()
                        .forEach(label -> labels.put(
                                label.group(1),
                                label.group(3).substring(1, label.group(3).length() - 1)));
            }
            exported.computeIfAbsent(series.group(1), name -> new ArrayList<>()).add(labels);
        });
        return exported;
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>(alerts().values());
        for (JsonNode dashboard : dashboards()) {
            for (JsonNode panel : dashboard.path("panels")) {
                panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asString()));
            }
        }
        return expressions;
    }

    private static List<JsonNode> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.sorted().map(file -> new JsonMapper().readTree(file)).toList();
        }
    }

    /** The expressions of the alerts by their names. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> alerts() throws IOException {
        Map<String, String> alerts = new TreeMap<>();
        Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(ALERTS));
        for (Map<String, Object> group : file.get("groups")) {
            for (Map<String, Object> rule : (List<Map<String, Object>>) group.get("rules")) {
                alerts.put((String) rule.get("alert"), (String) rule.get("expr"));
            }
        }
        return alerts;
    }
}
