package uk.directpayments.ledger.account;

import jakarta.validation.Valid;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;

/** {@code /accounts/{accountId}/bank-details}: where the money goes is changed by two people. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/bank-details")
class BankDetailsApi {

    private final Commands commands;
    private final AccountAccess access;
    private final BankReference bankReference;
    private final BankDetailsChanges changes;
    private final Clock clock;

    BankDetailsApi(
            Commands commands,
            AccountAccess access,
            BankReference bankReference,
            BankDetailsChanges changes,
            Clock clock) {
        this.commands = commands;
        this.access = access;
        this.bankReference = bankReference;
        this.changes = changes;
        this.clock = clock;
    }

    /** Either a bank account or a card's reference. See {@link AccountApi.BankDetails}. */
    record NewBankDetails(
            @Nullable String sortCode,
            @Nullable String accountNumber,
            @Nullable String cardRef) {}

    /** @param modulusCheck whether sort code and account number fit each other, so far as the council's table says */
    record BankDetailsProposal(String accountId, String changeId, ModulusCheck.Result modulusCheck) {}

    /** What has become of a proposal; one is replaced by the next that is made before it is approved. */
    enum ChangeState {
        PROPOSED,
        APPROVED,
        REPLACED
    }

    /** @param bankDetails the last four of the account number or card reference */
    record ChangeView(
            String changeId,
            ChangeState state,
            @Nullable String bankDetails,
            String proposedBy,
            LocalDate proposedOn,
            @Nullable String approvedBy,
            @Nullable LocalDate approvedOn) {}

    /** Where the money was to go after the opening, in the order in which it was proposed. */
    @GetMapping
    Page<ChangeView> changes(@PathVariable String accountId, Paging paging, Actor actor) {
        AccountAccess.Owner owner = access.visible(accountId, paging.view(), actor);
        List<BankDetailsChanges.Change> all = changes.of(accountId, paging.view());
        LocalDate asOf = paging.view().asOf();
        int from = paging.after() == null ? 0 : Integer.parseInt(paging.after());
        List<Integer> rows = IntStream.range(from, Math.min(all.size(), from + paging.fetch()))
                .boxed()
                .toList();
        Page<Integer> page = paging.page(rows, row -> Integer.toString(row + 1));
        return new Page<>(
                page.items().stream()
                        .map(row -> view(all.get(row), row == all.size() - 1, owner, asOf))
                        .toList(),
                page.next());
    }

    private ChangeView view(BankDetailsChanges.Change change, boolean last, AccountAccess.Owner owner, LocalDate asOf) {
        LocalDate approvedOn = change.approvedOn();
        boolean approved = approvedOn != null && !approvedOn.isAfter(asOf);
        return new ChangeView(
                change.changeId(),
                approved ? ChangeState.APPROVED : last ? ChangeState.PROPOSED : ChangeState.REPLACED,
                bankReference.masked(owner.personId(), change.bankDetails()),
                change.proposedBy(),
                change.proposedOn(),
                approved ? change.approvedBy() : null,
                approved ? approvedOn : null);
    }

    record BankDetailsApproval(String accountId, String changeId) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<BankDetailsProposal> propose(
            @PathVariable String accountId, @Valid @RequestBody NewBankDetails body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        BankReference.Given given = bankReference.read(
                owner.personId(), new AccountApi.BankDetails(body.sortCode(), body.accountNumber(), body.cardRef()));
        if (given == null) {
            throw new RuleBroken("BANK_DETAILS_INVALID", "Give either sortCode and accountNumber or cardRef.");
        }
        String changeId = call.id(null, "bank-details");
        Outcome outcome = commands.send(
                new AccountCommand.ProposeBankDetails(
                        accountId,
                        changeId,
                        given.details(),
                        given.token(),
                        call.actor().userId(),
                        today()),
                call);
        return Answers.created(
                "/accounts/" + accountId, outcome, new BankDetailsProposal(accountId, changeId, given.modulus()));
    }

    @PostMapping("/{changeId}/approval")
    ResponseEntity<BankDetailsApproval> approve(
            @PathVariable String accountId,
            @PathVariable String changeId,
            @Valid @RequestBody Nothing body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.send(
                new AccountCommand.ApproveBankDetails(
                        accountId, changeId, call.actor().userId(), today()),
                call);
        return Answers.ok(outcome, new BankDetailsApproval(accountId, changeId));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
