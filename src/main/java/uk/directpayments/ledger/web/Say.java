package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import uk.directpayments.ledger.kernel.BusinessDay;

/** The contract's values in plain English: what a template writes, it says through this. */
@Component
class Say {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.UK);
    private static final DateTimeFormatter SHORT_DAY = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.UK);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm:ss", Locale.UK);

    /** Words that are not made of their code. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("SOCIAL_CARE_CHILD", "Social care (child)"),
            Map.entry("ADULT_SOCIAL_CARE", "Social care (adult)"),
            Map.entry("S117_AFTERCARE", "Aftercare (Mental Health Act 1983, section 117)"),
            Map.entry("CHILD_S17A", "Children Act 1989, section 17A"),
            Map.entry("ADULT_CARE_ACT", "Care Act 2014"),
            Map.entry("SEN_S49", "Children and Families Act 2014, section 49"),
            Map.entry("NHS_12A", "NHS Act 2006, section 12A"),
            Map.entry("RESIDENTIAL_SINGLE_PERIOD_EXCEEDED", "More than four weeks in one stay"),
            Map.entry("RESIDENTIAL_120_EXCEEDED", "More than 120 days in twelve months"),
            Map.entry("RESIDENTIAL_LINKED_EXCEEDED", "More than four weeks in linked stays"),
            Map.entry("to30", "Up to 30 days"),
            Map.entry("to90", "31 to 90 days"),
            Map.entry("to180", "91 to 180 days"),
            Map.entry("older", "Over 180 days"),
            Map.entry("childIn12MonthsToAsOf", "Child: days in the 12 months up to the day"),
            Map.entry("childLimit120BreachOn", "Child: more than 120 days in 12 months on"),
            Map.entry("adultMaxLinked12Months", "Adult: most days of linked stays in 12 months"),
            Map.entry("SINGLE_28", "Four weeks in one stay"),
            Map.entry("ROLLING_120", "120 days in twelve months"),
            Map.entry("LINKED_28", "Four weeks in linked stays"),
            Map.entry("CHILD_LINKED_28", "Four weeks in stays that the law for adults would link"),
            Map.entry("CHILDRENS_HOME", "Children’s home"),
            Map.entry("TOP_UP", "Top-up"),
            Map.entry("COUNCIL_TOP_UP", "Council top-up"),
            Map.entry("PARENT_TOP_UP", "Parent top-up"),
            Map.entry("REFERRED_FRAUD", "Referred as fraud"));

    /** What is told of what a form is about, in this order, of whatever it has. */
    private static final List<String> TOLD = List.of(
            "name",
            "recipientName",
            "recipientType",
            "relation",
            "payee",
            "description",
            "provider",
            "setting",
            "bankDetails",
            "reason",
            "kind",
            "stage",
            "state",
            "status",
            "period",
            "fundingSource",
            "category",
            "annualAmount",
            "approvedAmount",
            "allocated",
            "paid",
            "explanation",
            "amount",
            "received",
            "writtenOff",
            "outstanding",
            "on",
            "admitted",
            "discharged",
            "from",
            "to",
            "until",
            "due",
            "proposedOn",
            "proposedBy",
            "balance",
            "owed",
            "reserves",
            "kept",
            "reclaimable",
            "surplus",
            "unclaimedSurplus",
            "personId",
            "budgetId",
            "accountId",
            "organisationId",
            "instalmentId",
            "net",
            "payOn",
            "payDate",
            "total",
            "count",
            "createdBy");

    /** Of those, what somebody has written: it stays as it is. */
    private static final Set<String> WRITTEN = Set.of(
            "name",
            "recipientName",
            "relation",
            "payee",
            "description",
            "provider",
            "bankDetails",
            "explanation",
            "period",
            "costCentre",
            "payerOrganisation",
            "proposedBy",
            "createdBy");

    /** Names that say more in other words. */
    private static final Map<String, String> LABELS = Map.ofEntries(
            Map.entry("on", "Day"),
            Map.entry("from", "First day"),
            Map.entry("to", "Last day"),
            Map.entry("admitted", "Went there"),
            Map.entry("discharged", "Left"),
            Map.entry("description", "Its words"),
            Map.entry("annualAmount", "A year"),
            Map.entry("unclaimedSurplus", "Of the surplus not asked for yet"),
            Map.entry("unclaimed", "Of the surplus not asked for yet"),
            Map.entry("owed", "Of that, owed to others"),
            Map.entry("reserves", "Kept back"),
            Map.entry("kept", "May stay for the coming weeks"),
            Map.entry("reclaimable", "Surplus"));

    /** Parts of codes that stay capitals. */
    private static final Set<String> CAPITALS =
            Set.of("nhs", "dbs", "gp", "atm", "paye", "pa", "ehc", "mcc", "foi", "id");

    /** {@code 1234.5} is £1,234.50; what cannot be given is a dash. */
    public String money(@Nullable Object pounds) {
        if (pounds == null) {
            return "–";
        }
        DecimalFormat format = new DecimalFormat("£#,##0.00", DecimalFormatSymbols.getInstance(Locale.UK));
        format.setNegativePrefix("−£");
        return format.format(new BigDecimal(pounds.toString()));
    }

    public boolean negative(@Nullable Object pounds) {
        return pounds != null && pounds.toString().startsWith("-");
    }

    public String day(@Nullable Object date) {
        return date == null ? "–" : LocalDate.parse(date.toString()).format(DAY);
    }

    public String shortDay(@Nullable Object date) {
        return date == null ? "–" : LocalDate.parse(date.toString()).format(SHORT_DAY);
    }

    /** An instant, in London. */
    public String at(@Nullable Object instant) {
        return instant == null
                ? "–"
                : Instant.parse(instant.toString()).atZone(BusinessDay.LONDON).format(MOMENT);
    }

    /** A code or a field's name, read as words. */
    public String words(@Nullable Object code) {
        if (code == null || code.toString().isEmpty()) {
            return "–";
        }
        String known = WORDS.get(code.toString());
        if (known != null) {
            return known;
        }
        String words = Stream.of(code.toString()
                        .replaceFirst("(?<=[a-z])Id$", "")
                        .replaceAll("([a-z0-9])([A-Z])", "$1 $2")
                        .replaceAll("[_-]+", " ")
                        .toLowerCase(Locale.UK)
                        .split(" "))
                .map(word -> CAPITALS.contains(word) ? word.toUpperCase(Locale.UK) : word)
                .collect(Collectors.joining(" "));
        return words.isEmpty() ? code.toString() : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    public List<String> told() {
        return TOLD;
    }

    /** The name of a fact. */
    public String label(String name) {
        return LABELS.getOrDefault(name, words(name));
    }

    /** A fact of an answer, by what its name says it is. */
    public String fact(String name, @Nullable Object value) {
        String text = String.valueOf(value);
        if (text.matches("-?[0-9]+\\.[0-9]{2}")) {
            return money(text);
        }
        if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            return day(text);
        }
        return word(name, text);
    }

    private String word(String name, String text) {
        return switch (name) {
            case "exceptions" -> list(List.of(text.split(" ")));
            case "code" -> refusal(text);
            default -> name.endsWith("Id") || WRITTEN.contains(name) ? text : code(text);
        };
    }

    /** Why a payment stood out or did not go through: a bank's own code, like {@code AC04} or {@code ARUCS-2}, as the bank writes it. */
    public String refusal(Object code) {
        return code.toString().matches("[A-Z]{5,}|[A-Z]+(_[A-Z0-9]+)+") ? words(code) : code.toString();
    }

    /** A cell of a report. */
    public String cell(String column, @Nullable Object value, String type) {
        if (value == null) {
            return "–";
        }
        return switch (type) {
            case "MONEY" -> money(value);
            case "DATE" -> shortDay(value);
            case "YES_NO" -> Boolean.parseBoolean(value.toString()) ? "Yes" : "No";
            default -> word(column, value.toString());
        };
    }

    /** The colour of a state's tag: of GOV.UK's palette. */
    public String colour(@Nullable Object state) {
        return switch (String.valueOf(state)) {
            case "HIGH",
                    "UPHELD",
                    "REFUSED",
                    "REJECTED",
                    "EXCEEDED",
                    "RED",
                    "OVER",
                    "SUSPENDED",
                    "FAILED",
                    "REFERRED_FRAUD" -> "red";
            case "MEDIUM",
                    "AMBER",
                    "EVIDENCE_REQUESTED",
                    "PROPOSED",
                    "SUGGESTED",
                    "QUERIED",
                    "HELD",
                    "CREATED",
                    "REPAYMENT_REQUESTED",
                    "FORECAST" -> "yellow";
            case "EVIDENCE_RECEIVED", "PLANNED", "SUBMITTED", "RUNNING" -> "purple";
            case "OPEN",
                    "ACTIVE",
                    "APPROVED",
                    "ACCEPTED",
                    "ISSUED",
                    "REPAID",
                    "DONE",
                    "INCLUDED",
                    "MATCHED",
                    "RECORDED" -> "green";
            case "CLOSED", "ENDED", "DISMISSED", "WITHDRAWN", "STOPPED", "VOIDED", "IGNORED", "REPLACED" -> "grey";
            default -> "blue";
        };
    }

    /** A source of funds within a sentence. */
    public String source(Object source) {
        String words = words(source);
        return words.length() > 1 && Character.isUpperCase(words.charAt(1))
                ? words
                : words.substring(0, 1).toLowerCase(Locale.UK) + words.substring(1);
    }

    /** Whole pounds. */
    public String roundMoney(BigDecimal pounds) {
        return money(pounds).replaceFirst("\\.00$", "");
    }

    /** The beginning of an id that the ledger made; others whole. */
    public String shorter(Object id) {
        return id.toString().matches("[0-9a-f]{8}-[0-9a-f-]{27}")
                ? id.toString().substring(0, 8)
                : id.toString();
    }

    /** The stored name of an event: {@code account.payment-issued} is a payment issued, {@code account.opened} an account opened. */
    public String event(Object type) {
        String name = type.toString();
        return words(name.matches("[a-z-]+\\.[a-z]+") ? name.replace('.', ' ') : name.replaceFirst("^[a-z-]+\\.", ""));
    }

    /** What a drawing of a balance shows, for who cannot see it: of the days that it has, no others. */
    public String chart(Chart chart) {
        Chart.Point first = chart.points().get(0);
        Chart.Point last = chart.points().get(chart.points().size() - 1);
        Chart.Point least = chart.points().stream()
                .min(Comparator.comparing(Chart.Point::balance))
                .orElse(first);
        Chart.Point most = chart.points().stream()
                .max(Comparator.comparing(Chart.Point::balance))
                .orElse(first);
        return "Every two weeks: from %s to %s; lowest of these %s, highest %s. What it was in between is not shown."
                .formatted(balance(first), balance(last), balance(least), balance(most));
    }

    private String balance(Chart.Point point) {
        return money(point.balance()) + " on " + day(point.on());
    }

    /** This page's address, one page further on. */
    public String more(Object next) {
        return further("cursor", next);
    }

    /** This page's address with one parameter changed. */
    public String further(String parameter, Object value) {
        var address = ServletUriComponentsBuilder.fromCurrentRequest()
                .replaceQueryParam(parameter, UriUtils.encode(value.toString(), StandardCharsets.UTF_8))
                .build(true);
        return address.getPath() + "?" + address.getQuery();
    }

    /** A word that somebody chose: read as words if it looks like a code. */
    public String code(@Nullable Object text) {
        return text == null ? "" : text.toString().matches("[A-Z][A-Z0-9_]+") ? words(text) : text.toString();
    }

    /** A choice of a form: formats have names of their own. */
    public String option(String code) {
        return switch (code) {
            case "ADMIN" -> "Administration";
            case "camt.053", "mt940", "ofx", "csv" -> code.equals("camt.053") ? code : code.toUpperCase(Locale.UK);
            default -> words(code);
        };
    }

    /** Codes, one after the other. */
    public String list(List<?> codes) {
        return codes.stream().map(this::words).collect(Collectors.joining(", "));
    }

    public String month(Object month) {
        return YearMonth.parse(month.toString()).format(DateTimeFormatter.ofPattern("MMMM yyyy", Locale.UK));
    }

    /** The page of what a report's cell names, or null. */
    public @Nullable String page(String column, @Nullable Object value) {
        String below = switch (column) {
            case "accountId" -> "/accounts/{id}";
            case "budgetId" -> "/budgets/{id}";
            case "personId" -> "/people/{id}";
            case "flagId" -> "/flags/{id}";
            case "runId" -> "/payment-runs/{id}";
            case "statementId" -> "/statements/{id}";
            default -> null;
        };
        return below == null || value == null ? null : Ledger.path(below, value);
    }

    /** Where the whole of the report on this page is to be had, asked the same: a file has no pages. */
    public String report(String name, String format, Dates dates) {
        var here = ServletUriComponentsBuilder.fromCurrentRequest().build();
        var file = UriComponentsBuilder.fromPath(Ledger.path("/reports/{name}/file", name));
        here.getQueryParams().forEach((parameter, values) -> {
            String value = String.valueOf(values.get(0));
            if (!value.isEmpty() && !value.equals("null") && !parameter.equals("cursor")) {
                file.queryParam(parameter, parameter.equals("knownAt") ? dates.instant() : value);
            }
        });
        return file.queryParam("format", format).build().toUriString();
    }
}
