package uk.directpayments.ledger.audit;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.Tells;

/** {@code /audit/rebuilds}: projections built again beside the live ones, compared, and put in their place if asked. */
@RestController
@RequestMapping("/api/v1/audit/rebuilds")
class RebuildApi {

    private final Rebuilds rebuilds;
    private final Positions positions;

    RebuildApi(Rebuilds rebuilds, Positions positions) {
        this.rebuilds = rebuilds;
        this.positions = positions;
    }

    /**
     * @param projection its name; all if left out
     * @param swap       whether rows that differ are replaced by those that were rebuilt; not if left out
     */
    record Order(@Nullable String projection, @Nullable Boolean swap) {}

    record RebuildId(String rebuildId) {}

    @PostMapping
    ResponseEntity<RebuildId> rebuild(@Valid @RequestBody Order order, Call call) {
        Rebuilds.Started started = rebuilds.start(order.projection, Boolean.TRUE.equals(order.swap), call);
        String id = started.rebuildId();
        return Answers.begun("/audit/rebuilds/" + id, positions.head(), started.repeated(), new RebuildId(id));
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/{rebuildId}")
    Rebuilds.Rebuild rebuild(@PathVariable String rebuildId) {
        return rebuilds.find(rebuildId).orElseThrow(Rebuilds::notFound);
    }
}
