package uk.directpayments.ledger.policy;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;

/** {@code /policies}: the council's rules, by version. */
@RestController
@RequestMapping("/api/v1/policies")
class PolicyApi {

    private final Commands commands;
    private final Policies policies;
    private final Clock clock;

    PolicyApi(Commands commands, Policies policies, Clock clock) {
        this.commands = commands;
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * @param settings those that change, over the policy in force on {@code effectiveFrom}; dotted names, or objects within objects; null takes away what
     *                 the council has named
     */
    record NewPolicy(
            @NotNull LocalDate effectiveFrom,
            @NotNull @JsonSetter(contentNulls = Nulls.SET) Map<String, JsonNode> settings,
            @Nullable Boolean retrospective,
            @Nullable @Size(max = 2000) String reason) {}

    record PolicyVersion(String version, LocalDate effectiveFrom) {}

    /** @param settings every one, by dotted name */
    record PolicyView(
            String version,
            LocalDate effectiveFrom,
            boolean retrospective,
            @Nullable String reason,
            @Nullable String publishedBy,
            @Nullable LocalDate publishedOn,
            SortedMap<String, JsonNode> settings) {}

    record Versions(List<Policies.Published> items) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PolicyVersion> publish(@Valid @RequestBody NewPolicy body, Call call) {
        Policy base = policies.on(body.effectiveFrom());
        String reason = body.reason();
        Outcome outcome = commands.sendAndFollow(
                new PolicyCommand.PublishPolicy(
                        body.effectiveFrom(),
                        base.settings().with(Settings.JSON.valueToTree(body.settings())),
                        base.version(),
                        Boolean.TRUE.equals(body.retrospective()),
                        reason == null || reason.isBlank() ? null : reason,
                        BusinessDay.today(clock)),
                call);
        String version = outcome.event(PolicyPublished.class).version();
        policies.published(View.now(body.effectiveFrom()));
        return Answers.created("/policies/" + version, outcome, new PolicyVersion(version, body.effectiveFrom()));
    }

    /** The policy in force on a day, today unless said otherwise, as it was known. */
    @Tells(Tells.Of.NOBODY)
    @GetMapping
    PolicyView inForce(@RequestParam(required = false) @Nullable LocalDate on, View view) {
        return view(policies.on(on == null ? view.asOf() : on, view), policies.published(view));
    }

    /** Every version that has been published, and the default before them. */
    @Tells(Tells.Of.NOBODY)
    @GetMapping("/versions")
    Versions versions(View view) {
        return new Versions(Stream.concat(Stream.of(standard()), policies.published(view).stream())
                .toList());
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/{version}")
    PolicyView version(@PathVariable String version, View view) {
        List<Policies.Published> published = policies.published(view);
        if (!version.equals(Policy.standard().version())
                && published.stream().noneMatch(one -> one.version().equals(version))) {
            throw new RuleBroken("POLICY_NOT_FOUND", "There is no such version of the policy.");
        }
        return view(policies.version(version), published);
    }

    private static PolicyView view(Policy policy, List<Policies.Published> published) {
        Policies.Published how = published.stream()
                .filter(one -> one.version().equals(policy.version()))
                .findFirst()
                .orElseGet(PolicyApi::standard);
        SortedMap<String, JsonNode> settings = new TreeMap<>();
        policy.settings().values().forEach((name, json) -> settings.put(name, Settings.JSON.readTree(json)));
        return new PolicyView(
                policy.version(),
                policy.effectiveFrom(),
                how.retrospective(),
                how.reason(),
                how.publishedBy(),
                how.publishedOn(),
                settings);
    }

    private static Policies.Published standard() {
        Policy standard = Policy.standard();
        return new Policies.Published(standard.version(), standard.effectiveFrom(), false, null, null, null);
    }
}
