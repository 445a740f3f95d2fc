package uk.directpayments.ledger.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Every setting of one version of the policy, immutable: JSON values by dotted name, and what the rules ask of them. Pure.
 */
public final class Settings {

    /** Who pays what is the family's own money. */
    public static final String FAMILY = "FAMILY";

    private static final String CATEGORY = "mcc.";
    private static final String MERCHANT = "merchants.";
    private static final String AUTHORITY = "delegatedAuthority.";
    private static final String DEFAULT_AUTHORITY = AUTHORITY + "default";
    private static final String RETURN_CYCLE = "returnCycle.";
    private static final Pattern MERCHANT_CODE = Pattern.compile("[0-9]{4}");

    /** What no spending is called, but the conditions {@code bankChargeAgreed} and {@code afterSchoolClubInPlan} ask a plan for. */
    private static final Set<String> OF_THE_PLAN = Set.of("BANK_CHARGE", "AFTER_SCHOOL_CLUB");

    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9 ./_-]{0,62}[A-Za-z0-9])?");

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final SortedMap<String, String> values;
    private final Map<String, Optional<MerchantCategory>> categories = new ConcurrentHashMap<>();
    private final Map<String, Merchant> merchants = new TreeMap<>();

    /** @param values JSON by dotted name, each valid */
    Settings(Map<String, String> values) {
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        this.values.forEach((name, json) -> {
            if (name.startsWith(MERCHANT)) {
                merchants.put(name.substring(MERCHANT.length()), JSON.readValue(json, Merchant.class));
            }
        });
    }

    /** JSON by dotted name. */
    public SortedMap<String, String> values() {
        return values;
    }

    /**
     * These settings with some of them changed.
     *
     * @param changes as a caller writes them: dotted names, or objects within objects; categories also as a list {@code mccs}
     * @throws RuleBroken {@code FIELD_UNKNOWN}, {@code FIELD_INVALID}, {@code SETTING_OUT_OF_RANGE}, each with the setting's name
     */
    Settings with(JsonNode changes) {
        Map<String, String> changed = new TreeMap<>(values);
        change("", changes, changed);
        return new Settings(changed);
    }

    private static void change(String prefix, JsonNode changes, Map<String, String> changed) {
        changes.properties().forEach(entry -> {
            String name = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            Optional<Setting> setting = Setting.named(name);
            if (name.equals("mccs") && value.isArray()) {
                value.forEach(line -> category(line, changed));
            } else if (setting.isPresent()) {
                if (value.isNull() && setting.get().isTakenAwayByNull()) {
                    changed.remove(name);
                } else {
                    changed.put(name, checked(setting.get(), name, value, changed.get(name)));
                }
            } else if (value.isObject() && isGroup(name)) {
                change(name + ".", value, changed);
            } else {
                throw new RuleBroken("FIELD_UNKNOWN", "is not a setting of the policy", "settings." + name);
            }
        });
    }

    private static void category(JsonNode line, Map<String, String> changed) {
        String code = line.path("mcc").asString("");
        Setting setting = Setting.named(CATEGORY + code)
                .orElseThrow(() -> invalid("mccs", "each line needs an mcc of four digits"));
        changed.put(CATEGORY + code, checked(setting, CATEGORY + code, line, changed.get(CATEGORY + code)));
    }

    private static boolean isGroup(String name) {
        return Setting.ALL.stream().anyMatch(setting -> setting.name().startsWith(name + "."));
    }

    private static String checked(Setting setting, String name, JsonNode value, @Nullable String before) {
        return switch (setting.kind()) {
            case NUMBER -> number(setting, name, value);
            case YES_OR_NO -> {
                if (!value.isBoolean()) {
                    throw invalid(name, "must be true or false");
                }
                yield value.toString();
            }
            case WORD -> {
                if (!value.isString() || !setting.words().contains(value.asString())) {
                    throw invalid(
                            name, "must be one of " + String.join(", ", new java.util.TreeSet<>(setting.words())));
                }
                yield value.toString();
            }
            case CATEGORY -> category(name, value, before);
            case MERCHANT -> merchant(name, value);
            case TEXT -> {
                if (!value.isString() || !TEXT.matcher(value.asString()).matches()) {
                    throw invalid(name, "must be 1 to 64 letters, digits, blanks or . / _ -");
                }
                yield value.toString();
            }
        };
    }

    private static String number(Setting setting, String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw invalid(name, "must be a whole number");
        }
        long number = value.asLong();
        requireRange(name, number, setting.least(), setting.most());
        return Long.toString(number);
    }

    private static void requireRange(String name, long number, long least, long most) {
        if (number < least || number > most) {
            throw new RuleBroken(
                    "SETTING_OUT_OF_RANGE",
                    name + " may be from " + least + " to " + most + ", not " + number + ".",
                    "settings." + name);
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** A line may be changed in part: what is not said stays as it is. */
    private static String category(String name, JsonNode value, @Nullable String before) {
        if (!value.isObject()) {
            throw invalid(name, "must be an object with a decision and a reasonCode");
        }
        tools.jackson.databind.node.ObjectNode line = before == null
                ? JSON.createObjectNode()
                : (tools.jackson.databind.node.ObjectNode) JSON.readTree(before);
        value.properties().forEach(entry -> {
            if (!DefaultPolicy.NOT_SETTINGS.contains(entry.getKey())) {
                line.set(entry.getKey(), entry.getValue());
            }
        });
        MerchantCategory read = read(name, line, MerchantCategory.class);
        if (read.decision() == null || isBlank(read.reasonCode()) || isBlank(read.name())) {
            throw invalid(name, "needs a name, a decision and a reasonCode");
        }
        Long queryOver = read.queryOverPence();
        if (queryOver != null) {
            requireRange(name + ".queryOverPence", queryOver, 0, Setting.MONEY);
        }
        return JSON.writeValueAsString(line);
    }

    private static String merchant(String name, JsonNode value) {
        Merchant read = read(name, value, Merchant.class);
        if (read.names() == null
                || read.names().isEmpty()
                || !read.names().stream().allMatch(Merchant::isName)
                || (read.decision() == null) != (read.reasonCode() == null)
                || (read.reasonCode() != null && isBlank(read.reasonCode()))) {
            throw invalid(name, "needs names with letters or digits, and a reasonCode with its decision");
        }
        return JSON.writeValueAsString(value);
    }

    private static <T> T read(String name, JsonNode value, Class<T> type) {
        try {
            return Objects.requireNonNull(JSON.treeToValue(value, type));
        } catch (JacksonException e) {
            throw invalid(name, "is not well formed" + (e.getPath().isEmpty() ? "" : ": " + field(e)));
        }
    }

    private static String field(JacksonException e) {
        return String.valueOf(e.getPath().get(e.getPath().size() - 1).getPropertyName());
    }

    private static RuleBroken invalid(String name, String words) {
        return new RuleBroken("FIELD_INVALID", words, "settings." + name);
    }

    // ── what the rules ask ───────────────────────────────────────────────────────────────────────────────────────

    /** What the policy says of a merchant category code. */
    public Optional<MerchantCategory> category(String mcc) {
        return categories.computeIfAbsent(
                mcc,
                code -> Optional.ofNullable(values.get(CATEGORY + code))
                        .map(json -> JSON.readValue(json, MerchantCategory.class)));
    }

    /** Whether a plan can allow spending by this code: a merchant category code, a reason code, or what a condition of the policy asks the plan for. */
    public boolean isPlanItem(String code) {
        return MERCHANT_CODE.matcher(code).matches()
                || OF_THE_PLAN.contains(code)
                || Reasons.isKnown(code)
                || givesReason(code);
    }

    /** Whether the policy asks or refuses by a reason of this code: it may have words of its own besides those of rulebook 3.2. */
    public boolean givesReason(String code) {
        return values.keySet().stream()
                        .filter(name -> name.startsWith(CATEGORY))
                        .flatMap(name -> category(name.substring(CATEGORY.length())).stream())
                        .anyMatch(line -> code.equals(line.reasonCode()))
                || merchants.values().stream().anyMatch(entry -> code.equals(entry.reasonCode()));
    }

    /** The id of the list entry that a payee is, or null. */
    public @Nullable String merchant(String payee) {
        return merchants.entrySet().stream()
                .filter(entry -> entry.getValue().is(payee))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The same, without a merchant category also of a payee with whose name more is written, as banks do: there is nothing else to go by. Rulebook 3.7. */
    public @Nullable String merchant(String payee, @Nullable String mcc) {
        String whole = merchant(payee);
        return whole != null || mcc != null ? whole : merchantNamedIn(payee);
    }

    /** The id of the list entry of which a name, the longest of all, stands in a text as whole words; or null. */
    public @Nullable String merchantNamedIn(String text) {
        return merchants.entrySet().stream()
                .filter(entry -> entry.getValue().namedIn(text) > 0)
                .max(Comparator.comparingInt(entry -> entry.getValue().namedIn(text)))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** The entry of the merchant list by its id; nobody may be on it any more. */
    public Optional<Merchant> merchantById(@Nullable String id) {
        return id == null ? Optional.empty() : Optional.ofNullable(merchants.get(id));
    }

    public String dayCountBasis() {
        return Objects.requireNonNull(JSON.readValue(value("dayCountBasis"), String.class));
    }

    public boolean is(String name) {
        return Boolean.parseBoolean(value(name));
    }

    public int number(String name) {
        return Integer.parseInt(value(name));
    }

    /** How many weeks' money stays in an account. Rulebook 4.11. */
    public int surplusWeeks() {
        return number("surplusWeeks");
    }

    /** How many weeks after money to start with was paid what is not spent of it is taken back. Rulebook 4.9. */
    public int startUpReviewWeeks() {
        return number("startUpReviewWeeks");
    }

    /** A surplus below this is not chased. */
    public Money minReclaim() {
        return Money.ofPence(Long.parseLong(value("minReclaimPence")));
    }

    /** From this on spending of an unknown kind is a query. */
    public Money unknownQueryOver() {
        return Money.ofPence(Long.parseLong(value("unknownQueryOverPence")));
    }

    /** The most that reserves of one kind may come to on an account. */
    public Money reserveLimit(String kind) {
        return named("reserveLimits.", kind);
    }

    /**
     * What may be written off under an authority, however its name is written. One that the policy does not name has the least limit that it names,
     * {@code default} included: who invents a name has no more authority than the least of those who have one.
     */
    public Money writeOffLimit(String authority) {
        String given = authority.strip();
        List<String> names = values.keySet().stream()
                .filter(name -> name.startsWith(AUTHORITY) && !name.equals(DEFAULT_AUTHORITY))
                .toList();
        List<String> meant = names.stream()
                .filter(name -> name.substring(AUTHORITY.length()).equalsIgnoreCase(given))
                .toList();
        Stream<String> limits =
                meant.isEmpty() ? Stream.concat(names.stream(), Stream.of(DEFAULT_AUTHORITY)) : meant.stream();
        return limits.map(name -> Money.ofPence(Long.parseLong(value(name))))
                .reduce(Money::least)
                .orElseThrow();
    }

    /** How many months lie between the returns of an account, by its risk band; {@code default} is always there. */
    public Map<String, Integer> returnCycle() {
        Map<String, Integer> cycle = new TreeMap<>();
        cycle.put("default", number(RETURN_CYCLE + "default"));
        values.forEach((name, months) -> {
            if (name.startsWith(RETURN_CYCLE)) {
                cycle.put(name.substring(RETURN_CYCLE.length()), Integer.valueOf(months));
            }
        });
        return cycle;
    }

    /** Where the council books money of a source, or null if it has not said. Rulebook 4.1. */
    public @Nullable String costCentre(FundingSource source) {
        String json = values.get("costCentres." + source);
        return json == null ? null : JSON.readValue(json, String.class);
    }

    /** Who pays money of a source: {@link #FAMILY}, or an organisation that the council has named, or null if it has not. Rulebook 4.1. */
    public @Nullable String payerOrganisation(FundingSource source) {
        if (source.isOfTheFamily()) {
            return FAMILY;
        }
        String json = values.get("payerOrganisations." + source);
        return json == null ? null : JSON.readValue(json, String.class);
    }

    /** Whether what is not spent of a source goes back to who pays it: so, unless the council says otherwise; never the family's own. Rulebook 4.1. */
    public boolean isRecoverable(FundingSource source) {
        return !source.isOfTheFamily() && Boolean.parseBoolean(values.getOrDefault("recoverable." + source, "true"));
    }

    private Money named(String group, String name) {
        return Money.ofPence(Long.parseLong(values.getOrDefault(group + name, value(group + "default"))));
    }

    /** A version that was published before there was such a setting has the default. */
    private String value(String name) {
        String value = values.get(name);
        return value != null
                ? value
                : Objects.requireNonNull(Policy.standard().settings().values.get(name), name);
    }

    /** The names that differ between two versions. */
    public List<String> differences(Settings other) {
        List<String> names = new ArrayList<>(values.keySet());
        other.values.keySet().stream().filter(name -> !values.containsKey(name)).forEach(names::add);
        return names.stream()
                .filter(name -> !Objects.equals(values.get(name), other.values.get(name)))
                .sorted()
                .toList();
    }
}
