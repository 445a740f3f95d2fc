package uk.directpayments.ledger.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.ApiFromWithin;
import uk.directpayments.ledger.platform.ApiFromWithin.Said;

/** What the pages read: answers of the API as templates take them, maps and lists by the contract's names. */
@Component
class Ledger {

    private static final int PAGE = 500;

    private static final JsonMapper JSON = new JsonMapper();

    private final ApiFromWithin api;
    private final int most;

    /** @param most items of a list that a page counts, adds up or sorts */
    Ledger(ApiFromWithin api, @Value("${ledger.pages.most-items:50000}") int most) {
        this.api = api;
        this.most = most;
    }

    /**
     * An answer.
     *
     * @param query names and values in turn; a value that is null or blank is left out
     * @throws RuleBroken as the API refused
     */
    Map<String, Object> read(String path, @Nullable Object... query) {
        return facts(api.get(path, parameters(query)).orRefuse());
    }

    /** As {@link #read}, refused or not: for a page that has something to show all the same. */
    Said ask(String path, @Nullable Object... query) {
        return api.get(path, parameters(query));
    }

    /** As {@link #read}, and nothing if there is no such thing, or it is not for this reader. */
    Optional<Map<String, Object>> find(String path, @Nullable Object... query) {
        Said said = api.get(path, parameters(query));
        return said.status() == 404 || said.status() == 403 ? Optional.empty() : Optional.of(facts(said.orRefuse()));
    }

    /**
     * One item of a list, read page by page until it is found.
     *
     * @param list  the field with the items; {@code items} is of all pages
     * @param names what the fields say by which it is known
     * @param asOf  the day, or null for today
     * @throws RuleBroken {@code NOT_FOUND}: there is none, or not for this reader; {@code TOO_LARGE}: not among the first
     *     {@code ledger.pages.most-items}
     */
    Map<String, Object> one(String path, String list, Map<String, String> names, @Nullable String asOf) {
        Map<String, @Nullable Object> parameters = parameters("asOf", asOf);
        boolean paged = list.equals("items");
        if (paged) {
            parameters.put("limit", Math.min(PAGE, most));
        }
        int seen = 0;
        Object next;
        do {
            Map<String, Object> answer = facts(api.get(path, parameters).orRefuse());
            List<Map<String, Object>> some = items(answer, list);
            for (Map<String, Object> item : some) {
                if (names.entrySet().stream().allMatch(name -> name.getValue().equals(item.get(name.getKey())))) {
                    return item;
                }
            }
            seen += some.size();
            next = paged ? answer.get("next") : null;
            parameters.put("cursor", next);
            if (next != null && seen >= most) {
                throw tooMany();
            }
        } while (next != null);
        throw new RuleBroken("NOT_FOUND", "There is no such thing here.");
    }

    private RuleBroken tooMany() {
        return new RuleBroken("TOO_LARGE", "There are more than " + most + " of them: use a report, or ask for fewer.");
    }

    /** What the API makes to be downloaded, as the view of a page's handler. */
    String download(String template, Object... ids) {
        return api.handOn(path(template, ids));
    }

    /**
     * All items of a list, to its end.
     *
     * @throws RuleBroken {@code TOO_LARGE}: there are more than {@code ledger.pages.most-items}; what is counted of a part of them would be wrong
     */
    List<Map<String, Object>> all(String path, @Nullable Object... query) {
        Map<String, @Nullable Object> parameters = parameters(query);
        parameters.put("limit", Math.min(PAGE, most));
        List<Map<String, Object>> all = new ArrayList<>();
        Object next;
        do {
            Map<String, Object> answer = facts(api.get(path, parameters).orRefuse());
            all.addAll(items(answer));
            next = answer.get("next");
            parameters.put("cursor", next);
            if (all.size() > most || (next != null && all.size() == most)) {
                throw tooMany();
            }
        } while (next != null);
        return all;
    }

    static List<Map<String, Object>> items(Map<String, Object> answer) {
        return items(answer, "items");
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> items(Map<String, Object> answer, String list) {
        return (List<Map<String, Object>>) answer.getOrDefault(list, List.of());
    }

    Map<String, Object> facts(JsonNode body) {
        return JSON.convertValue(body, new TypeReference<>() {});
    }

    /** A path with ids in their places, each escaped as it must be. */
    static String path(String template, Object... ids) {
        return UriComponentsBuilder.fromPath(template)
                .encode()
                .buildAndExpand(ids)
                .toUriString();
    }

    /** As {@link #path(String, Object...)}, by the names of the ids. */
    static String path(String template, Map<String, ?> ids) {
        return UriComponentsBuilder.fromPath(template)
                .encode()
                .buildAndExpand(ids)
                .toUriString();
    }

    private static Map<String, @Nullable Object> parameters(@Nullable Object... query) {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.put(String.valueOf(query[i]), query[i + 1]);
        }
        return parameters;
    }
}
