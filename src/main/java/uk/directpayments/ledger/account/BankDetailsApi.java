package uk.directpayments.ledger.account;

import jakarta.validation.Valid;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;

/** {@code /accounts/{accountId}/bank-details}: where the money goes is changed by two people. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/bank-details")
class BankDetailsApi {

    private final Commands commands;
    private final AccountAccess access;
    private final BankReference bankReference;
    private final Clock clock;

    BankDetailsApi(Commands commands, AccountAccess access, BankReference bankReference, Clock clock) {
        this.commands = commands;
        this.access = access;
        this.bankReference = bankReference;
        this.clock = clock;
    }

    /** Either a bank account or a card's reference. See {@link AccountApi.BankDetails}. */
    record NewBankDetails(
            @Nullable String sortCode,
            @Nullable String accountNumber,
            @Nullable String cardRef) {}

    /** @param modulusCheck whether sort code and account number fit each other, so far as the council's table says */
    record BankDetailsProposal(String accountId, String changeId, ModulusCheck.Result modulusCheck) {}

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
